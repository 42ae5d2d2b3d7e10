#include "common/run/format_version.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::run {

std::uint32_t check_format(spec::StrictObject& object, std::string_view key, std::uint32_t known)
{
    if (!object.has(key)) return 1;
    const auto version = object.whole_32(key);
    if (version > known)
        throw NewerFormat{object.path_of(key) + ": " + std::to_string(version) + " is newer than " +
                          std::to_string(known) +
                          ", the newest that this Fedgram reads; use the version that wrote the run, or a later one"};
    return version;
}

}  // namespace fedgram::run
