#include "net/http/curl.h"

#include <dlfcn.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
    {"curl_global_init", offsetof(struct kb_curl, global_init)},
    {"curl_easy_init", offsetof(struct kb_curl, easy_init)},
    {"curl_easy_cleanup", offsetof(struct kb_curl, easy_cleanup)},
    {"curl_easy_reset", offsetof(struct kb_curl, easy_reset)},
    {"curl_easy_setopt", offsetof(struct kb_curl, easy_setopt)},
    {"curl_easy_getinfo", offsetof(struct kb_curl, easy_getinfo)},
    {"curl_easy_strerror", offsetof(struct kb_curl, easy_strerror)},
    {"curl_multi_init", offsetof(struct kb_curl, multi_init)},
    {"curl_multi_cleanup", offsetof(struct kb_curl, multi_cleanup)},
    {"curl_multi_setopt", offsetof(struct kb_curl, multi_setopt)},
    {"curl_multi_add_handle", offsetof(struct kb_curl, multi_add_handle)},
    {"curl_multi_remove_handle", offsetof(struct kb_curl, multi_remove_handle)},
    {"curl_multi_socket_action", offsetof(struct kb_curl, multi_socket_action)},
    {"curl_multi_info_read", offsetof(struct kb_curl, multi_info_read)},
    {"curl_slist_append", offsetof(struct kb_curl, slist_append)},
    {"curl_slist_free_all", offsetof(struct kb_curl, slist_free_all)},
    {"curl_getdate", offsetof(struct kb_curl, getdate)},
};

static void *open_library(void)
{
	static const char *const names[] = {
	    "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		void *lib = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);

		if (lib)
			return lib;
	}
	return NULL;
}

const struct kb_curl *kb_curl_open(struct kb_err *err)
{
	static struct kb_curl table;
	static bool ready;
	void *lib;

	if (ready)
		return &table;
	lib = open_library();
	if (!lib) {
		kb_err_set(err, KB_ENOENT,
			   "no libcurl found (libcurl.so.4); install libcurl4 "
			   "or use the provider 'local'");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *fn = dlsym(lib, symbols[i].name);

		if (!fn) {
			kb_err_set(err, KB_ENOENT,
				   "this libcurl is too old: no '%s'",
				   symbols[i].name);
			return NULL;
		}
		/* POSIX keeps functions and objects in pointers of one size;
		 * ISO C knows no cast between them. */
		memcpy((char *)&table + symbols[i].offset, &fn, sizeof(fn));
	}
	if (table.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		kb_err_set(err, KB_EIO, "libcurl does not start");
		return NULL;
	}
	ready = true;
	return &table;
}
