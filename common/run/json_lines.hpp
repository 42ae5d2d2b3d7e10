#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::run {

/// Hands each line of a .jsonl file to `take`, with how errors name it: "WHERE:3: line". Throws DataError for what is
/// no JSON, and for what `take` refuses by a SpecError. What no newline ends is dropped: a process that
/// was killed may leave half a line.
void read_json_lines(std::string_view text, const std::string& where,
                     const std::function<void(const nlohmann::ordered_json& line, const std::string& path)>& take);

}  // namespace fedgram::run
