#pragma once

namespace fedgram::http {

/// RFC 9110, section 15: those that we answer.
enum class Status {
    ok = 200,
    bad_request = 400,
    not_found = 404,
    method_not_allowed = 405,
    misdirected = 421,  ///< the request is for another host
    head_too_large = 431,
    unavailable = 503,
    version_not_supported = 505,
};

}  // namespace fedgram::http
