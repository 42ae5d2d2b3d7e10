#include "common/http/request.hpp"

#include <algorithm>
#include <optional>

namespace fedgram::http {

namespace {

constexpr std::string_view line_end = "\r\n";

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

std::string lowered(std::string_view text)
{
    std::string result{text};
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

bool is_visible(char letter) { return letter > ' ' && letter < '\x7f'; }

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text)
{
    const auto belongs = [](char letter) {
        const bool alphanumeric = (letter >= '0' && letter <= '9') || (lower(letter) >= 'a' && lower(letter) <= 'z');
        return alphanumeric || std::string_view{"!#$%&'*+-.^_`|~"}.find(letter) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, belongs);
}

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes the first line off `head`; nothing where no line ends.
std::optional<std::string_view> take_line(std::string_view& head)
{
    const auto end = head.find(line_end);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = head.substr(0, end);
    head.remove_prefix(end + line_end.size());
    return line;
}

/// Without port: "127.0.0.1" of "127.0.0.1:80", "::1" of "[::1]:80".
std::string host_of(std::string_view field)
{
    if (field.starts_with('[')) return lowered(field.substr(1, field.find(']') - 1));
    return lowered(field.substr(0, field.find(':')));
}

/// "GET /path?query HTTP/1.1"
std::variant<Request, Status> parse_request_line(std::string_view line)
{
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || target_end == method_end) return Status::bad_request;
    const auto method = line.substr(0, method_end);
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    const auto version = line.substr(target_end + 1);
    if (!is_token(method) || !target.starts_with('/') || !std::ranges::all_of(target, is_visible))
        return Status::bad_request;
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return version.starts_with("HTTP/") ? Status::version_not_supported : Status::bad_request;
    if (method != "GET" && method != "HEAD") return Status::method_not_allowed;
    return Request{std::string{target.substr(0, target.find('?'))}, {}, method == "HEAD"};
}

}  // namespace

std::variant<Request, Status> parse_request(std::string_view head)
{
    if (head.size() > most_head_bytes) return Status::head_too_large;
    const auto first = take_line(head);
    if (!first) return Status::bad_request;
    auto parsed = parse_request_line(*first);
    auto* const request = std::get_if<Request>(&parsed);
    if (request == nullptr) return parsed;
    bool has_host = false;
    for (;;) {
        const auto line = take_line(head);
        if (!line) return Status::bad_request;
        if (line->empty()) break;
        const auto colon = line->find(':');
        if (colon == std::string_view::npos || !is_token(line->substr(0, colon))) return Status::bad_request;
        const auto name = lowered(line->substr(0, colon));
        const auto value = trimmed(line->substr(colon + 1));
        if (name == "host") {
            if (has_host) return Status::bad_request;
            has_host = true;
            request->host = host_of(value);
        }
        if (name == "transfer-encoding" || (name == "content-length" && value != "0")) return Status::bad_request;
    }
    if (!head.empty() || request->host.empty()) return Status::bad_request;
    return parsed;
}

}  // namespace fedgram::http
