// SPDX-License-Identifier: Apache-2.0
#include "mail.h"

#include <string.h>

struct rest {
    const char *bytes;
    size_t count;
};

static size_t give(char *buffer, size_t size, size_t count, void *context) {
    struct rest *rest = context;
    size_t amount = size * count < rest->count ? size * count : rest->count;
    memcpy(buffer, rest->bytes, amount);
    rest->bytes += amount;
    rest->count -= amount;
    return amount;
}

CURLcode v6_curl_send_mail(const struct v6_mail *mail, char reason[CURL_ERROR_SIZE]) {
    reason[0] = 0;
    CURL *handle = curl_easy_init();
    const bool is_mail = mail->recipient != NULL;
    struct curl_slist *recipients = is_mail ? curl_slist_append(NULL, mail->recipient) : NULL;
    if (handle == NULL || (is_mail && recipients == NULL)) {
        curl_slist_free_all(recipients);
        if (handle != NULL) curl_easy_cleanup(handle);
        return CURLE_OUT_OF_MEMORY;
    }
    struct rest rest = {mail->bytes, mail->count};
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(handle, CURLOPT_URL, mail->url);
    curl_easy_setopt(handle, CURLOPT_USE_SSL, (long)(mail->requires_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (mail->username != NULL) {
        curl_easy_setopt(handle, CURLOPT_USERNAME, mail->username);
        curl_easy_setopt(handle, CURLOPT_PASSWORD, mail->password);
    }
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, mail->timeout_seconds);
    if (is_mail) {
        curl_easy_setopt(handle, CURLOPT_MAIL_FROM, mail->sender);
        curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(handle, CURLOPT_READDATA, &rest);
    } else {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "NOOP");
    }
    CURLcode code = curl_easy_perform(handle);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(handle);
    return code;
}
