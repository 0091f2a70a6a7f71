#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "net/http.h"

/* The host part of scheme://[user@]host[:port][/...]. */
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
		const char *close = memchr(p, ']', (size_t)(end - p));

		return close ? (struct kb_str){p + 1, (size_t)(close - p - 1)}
			     : (struct kb_str){NULL, 0};
	}
	at = memchr(p, ':', (size_t)(end - p));
	return (struct kb_str){p, (size_t)((at ? at : end) - p)};
}

/* Dotted quad whose first number is 127. */
static bool is_loopback_v4(struct kb_str host)
{
	int dots = 0;

	if (host.len < 7 || !kb_starts(host.ptr, host.len, "127."))
		return false;
	for (size_t i = 0; i < host.len; i++) {
		if (host.ptr[i] == '.')
			dots++;
		else if (!isdigit((unsigned char)host.ptr[i]))
			return false;
	}
	return dots == 3;
}

bool kb_http_is_loopback(const char *url)
{
	struct kb_str host = url_host(url);

	if (kb_str_is_folded(host, "localhost"))
		return true;
	return kb_str_is(host, "::1") || is_loopback_v4(host);
}

int kb_http_check_url(const char *url, struct kb_err *err)
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
	if (!kb_http_is_loopback(url))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is plain http to another machine; "
				  "https is required",
				  kb_err_quote(quoted, url, len));
	return 0;
}
