#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/str.h"
#include "net/http/http.h"

#define HOST_MAX 64 /* longer ones are names, not addresses */

/* The host part of scheme://[user@]host[:port][/...], with the brackets. */
static struct kb_str url_host(const char *url)
{
	const char *p = strstr(url, "://"), *end, *at;

	if (!p)
		return (struct kb_str){NULL, 0};
	p += 3;
	end = p + strcspn(p, "/?#");
	at = memrchr(p, '@', (size_t)(end - p));
	if (at)
		p = at + 1;
	if (*p == '[') {
		at = memchr(p, ']', (size_t)(end - p));
		return (struct kb_str){p, at ? (size_t)(at + 1 - p) : 0};
	}
	at = memchr(p, ':', (size_t)(end - p));
	return (struct kb_str){p, (size_t)((at ? at : end) - p)};
}

/* In every spelling that a resolver takes for an address: 127.1 is one of
 * this machine, 127.0.0.999 is a name. */
static bool is_loopback_v4(const char *host)
{
	struct in_addr addr;

	return inet_aton(host, &addr) && ntohl(addr.s_addr) >> 24 == 127;
}

static bool is_loopback_v6(const char *host)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, host, &addr) != 1)
		return false;
	return IN6_IS_ADDR_LOOPBACK(&addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&addr) && addr.s6_addr[12] == 127);
}

bool kb_http_is_loopback(const char *url)
{
	struct kb_str host = url_host(url);
	char name[HOST_MAX];

	/* "localhost." is a name that libcurl asks others for */
	if (kb_str_is_folded(host, "localhost"))
		return true;
	if (!host.len || host.len >= sizeof(name))
		return false;
	memcpy(name, host.ptr, host.len);
	name[host.len] = '\0';
	if (*name != '[')
		return is_loopback_v4(name);
	name[host.len - 1] = '\0';
	return is_loopback_v6(name + 1);
}

int kb_http_check_url(const char *url, bool insecure, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str host = url_host(url);
	size_t len = strlen(url);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)url[i] <= ' ' || url[i] == 127)
			return kb_err_set(err, KB_EINVAL,
					  "URL '%s' holds a blank",
					  kb_err_quote(quoted, url, len));
	if (host.len && memchr(url, '@', (size_t)(host.ptr - url)))
		return kb_err_set(err, KB_EINVAL,
				  "a URL with a password in it is refused; "
				  "use key_env, key_file or key_cmd");
	if (host.len && kb_starts_folded(url, len, "https://"))
		return 0;
	if (!host.len || !kb_starts_folded(url, len, "http://"))
		return kb_err_set(err, KB_EINVAL, "'%s' is no http(s) URL",
				  kb_err_quote(quoted, url, len));
	if (!insecure && !kb_http_is_loopback(url))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is plain http to another machine; "
				  "https is required, or 'insecure_http' for "
				  "that provider",
				  kb_err_quote(quoted, url, len));
	return 0;
}
