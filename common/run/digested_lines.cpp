#include "common/run/digested_lines.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "common/run/damaged_file.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::run {

namespace {

constexpr std::size_t digest_digits = 16;
constexpr std::string_view before_digest = R"(,"digest":")";
constexpr std::string_view behind_digest = R"("})";
constexpr std::size_t seal_length = before_digest.size() + digest_digits + behind_digest.size();

auto bytes(std::string_view text) { return std::as_bytes(std::span{text}); }

std::string sealed(std::string_view text, const std::string& digest)
{
    return std::string{text.substr(0, text.size() - 1)}.append(before_digest).append(digest).append(behind_digest);
}

}  // namespace

std::string DigestedLines::digest_of(std::string_view text) const
{
    return files::sha256({bytes(before_), bytes(text)}).substr(0, digest_digits);
}

std::string DigestedLines::next(const nlohmann::ordered_json& object)
{
    assert(object.is_object() && !object.empty() && !object.contains("digest"));
    const auto text = object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    before_ = digest_of(text);
    return sealed(text, before_) + "\n";
}

std::uint64_t DigestedLines::read(
    std::string_view text, const std::string& where,
    const std::function<void(const nlohmann::ordered_json& object, const std::string& path)>& take)
{
    std::uint64_t whole = 0;
    for (std::size_t number = 1; text.find('\n', whole) != std::string_view::npos; ++number) {
        const auto line = text.substr(whole, text.find('\n', whole) - whole);
        const auto place = where + ":" + std::to_string(number);
        const auto object = std::string{line.substr(0, line.size() - std::min(line.size(), seal_length))} + "}";
        auto digest = digest_of(object);
        if (line != sealed(object, digest))
            throw DataError{place + ": the line is damaged or not in its place: its digest should be \"" + digest +
                            "\"; remove it and all lines behind it, and they are made anew"};
        of_file([&] { take(spec::parse_json_text(object, place), place + ": line"); });
        before_ = std::move(digest);
        whole += line.size() + 1;
    }
    return whole;
}

}  // namespace fedgram::run
