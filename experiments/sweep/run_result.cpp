#include "experiments/sweep/run_result.hpp"

#include "common/files/files.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::experiments {

namespace {

constexpr const char* way_out = "; the file is damaged: remove its folder to have the run made anew";

}  // namespace

nlohmann::ordered_json read_result(const std::filesystem::path& path)
{
    try {
        return spec::parse_json_text(read_file(path), path.string());
    } catch (const SpecError& error) {  // here a file is wrong, not what the user asked for
        throw DataError{error.what() + std::string{way_out}};
    }
}

void refuse_result(const std::filesystem::path& path, const nlohmann::json::exception& error)
{
    // "[json.exception.out_of_range.403] key 'trainings' not found"
    const std::string text = error.what();
    const auto reason = text.find("] ");
    throw DataError{path.string() + ": " + (reason == std::string::npos ? text : text.substr(reason + 2)) + way_out};
}

}  // namespace fedgram::experiments
