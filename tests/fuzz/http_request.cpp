// The head of an HTTP request.

#include "common/http/request.hpp"

#include <algorithm>
#include <string_view>

#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view head{reinterpret_cast<const char*>(data), size};
    const auto parsed = http::parse_request(head);
    const auto* const request = std::get_if<http::Request>(&parsed);
    if (request == nullptr) {
        fuzz::require(std::get<http::Status>(parsed) != http::Status::ok, "what is refused isn't fine");
        return 0;
    }
    fuzz::require(size <= http::most_head_bytes && head.ends_with(http::end_of_head), "the head is whole and short");
    fuzz::require(request->path.starts_with('/') && request->path.find('?') == std::string::npos, "the path is one");
    fuzz::require(std::ranges::all_of(request->path, [](char letter) { return letter > ' ' && letter < '\x7f'; }),
                  "the path can be printed");
    fuzz::require(!request->host.empty(), "the host is named");
    return 0;
}
