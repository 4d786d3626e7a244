// SPDX-License-Identifier: Apache-2.0
// Typed functions for the parts of libcurl that Swift cannot import: variadic setters and a union.
#ifndef V6_CCURL_H
#define V6_CCURL_H

#include <curl/curl.h>

#include "mail.h"

CURLcode v6_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode v6_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode v6_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode v6_curl_set_headers(CURL *handle, struct curl_slist *headers);
/// The buffer is not copied: it must live until the transfer has ended.
CURLcode v6_curl_set_body(CURL *handle, const void *bytes, curl_off_t count);
/// A body of `count` bytes that `read` hands out piece by piece; `seek` begins it anew.
CURLcode v6_curl_set_upload(
    CURL *handle, size_t (*read)(char *, size_t, size_t, void *), int (*seek)(void *, curl_off_t, int), void *context,
    curl_off_t count);
CURLcode v6_curl_set_write(CURL *handle, size_t (*callback)(char *, size_t, size_t, void *), void *context);
CURLcode v6_curl_set_header(CURL *handle, size_t (*callback)(char *, size_t, size_t, void *), void *context);
/// Lets the request go out once only: curl would send it again when a connection that was kept turns out to be dead, though
/// the other side may have acted on it. `count` says how often it was about to go out, and must live as long as the transfer.
CURLcode v6_curl_send_once(CURL *handle, int *count);
long v6_curl_status(CURL *handle);
void *v6_curl_context(CURL *handle);
/// The socket of a connection that curl only opened; CURL_SOCKET_BAD when it is gone.
curl_socket_t v6_curl_socket(CURL *handle);

CURLMcode v6_multi_set_long(CURLM *multi, CURLMoption option, long value);
/// The next transfer that has ended, or NULL; its outcome is stored in `result`.
CURL *v6_multi_next_ended(CURLM *multi, CURLcode *result);

#endif
