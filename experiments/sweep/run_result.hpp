#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

namespace fedgram::experiments {

/// The JSON of a file that a run of a sweep wrote. Throws DataError that names file and line when it is none.
[[nodiscard]] nlohmann::ordered_json read_result(const std::filesystem::path& path);

/// Throws DataError: the file lacks something, or has it in another form.
[[noreturn]] void refuse_result(const std::filesystem::path& path, const nlohmann::json::exception& error);

/// What `take` makes of such a file's JSON. Throws DataError that names the file, also where `take` finds no such key
/// or a value of another type.
template <class Take>
[[nodiscard]] auto from_result(const std::filesystem::path& path, Take take)
{
    const auto json = read_result(path);
    try {
        return take(json);
    } catch (const nlohmann::json::exception& error) {
        refuse_result(path, error);
    }
}

}  // namespace fedgram::experiments
