#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::run {

/// JSON objects, one a line, each of which ends in a digest of itself and of all lines before it: the key "digest",
/// the first 16 hexadecimal digits of SHA-256 over the last line's digest and this line without its own. So a line that
/// was altered, moved, doubled or taken out is found, and told from one that a kill has cut off.
class DigestedLines {
public:
    /// The next line with its digest and newline. `object` has at least one key, and none called "digest".
    [[nodiscard]] std::string next(const nlohmann::ordered_json& object);

    /// Hands each line of a file that begins here to `take`, with how errors name it: "WHERE:3: line". What no newline
    /// ends is dropped. Returns how many bytes the whole lines have; the next one goes behind them. Throws DataError
    /// that names the line whose digest isn't its own, and what `take` refuses by a SpecError.
    std::uint64_t read(std::string_view text, const std::string& where,
                       const std::function<void(const nlohmann::ordered_json& object, const std::string& path)>& take);

private:
    [[nodiscard]] std::string digest_of(std::string_view text) const;

    std::string before_;  // the last line's digest
};

}  // namespace fedgram::run
