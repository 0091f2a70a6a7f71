/*
 * libcurl as a table of typed function pointers.
 *
 * Linking libcurl costs a start 7 to 14 ms (some thirty shared objects);
 * these programs start thousands of times and mostly send nothing. So the
 * library is opened when the first request really goes out, and this table
 * is the only way to it.
 */
#ifndef KB_NET_HTTP_CURL_H
#define KB_NET_HTTP_CURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/err.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

struct kb_curl {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_reset) *easy_reset;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_multi_init) *multi_init;
	__typeof__(curl_multi_cleanup) *multi_cleanup;
	__typeof__(curl_multi_setopt) *multi_setopt;
	__typeof__(curl_multi_add_handle) *multi_add_handle;
	__typeof__(curl_multi_remove_handle) *multi_remove_handle;
	__typeof__(curl_multi_socket_action) *multi_socket_action;
	__typeof__(curl_multi_info_read) *multi_info_read;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
	__typeof__(curl_getdate) *getdate;
};

/*
 * The table, opened at the first call and kept until the process ends; NULL
 * with KB_ENOENT when no usable libcurl (7.85 or later) is installed. Call
 * it from one thread.
 */
const struct kb_curl *kb_curl_open(struct kb_err *err);

#endif
