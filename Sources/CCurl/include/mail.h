// SPDX-License-Identifier: Apache-2.0
// Sends one mail by SMTP: a whole transfer in one call, because its parts are callbacks and lists.
#ifndef V6_CCURL_MAIL_H
#define V6_CCURL_MAIL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

/// A mail and where to hand it in. The texts are not kept beyond the call.
struct v6_mail {
    /// `smtp://host:port` or `smtps://host:port`.
    const char *url;
    /// Addresses without angle brackets. Without a recipient nothing is sent: the server only has to let us in.
    const char *sender, *recipient;
    /// NULL for servers that ask for none.
    const char *username, *password;
    /// Whether the connection must change to TLS before anything is said.
    bool requires_tls;
    /// Head and body, with CRLF at the end of lines.
    const void *bytes;
    size_t count;
    long timeout_seconds;
};

/// Hands a mail in; blocks. `reason` gets what went wrong, in words.
CURLcode v6_curl_send_mail(const struct v6_mail *mail, char reason[CURL_ERROR_SIZE]);

#endif
