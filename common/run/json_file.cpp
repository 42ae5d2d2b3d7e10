#include "common/run/json_file.hpp"

#include <nlohmann/json.hpp>

#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::run {

nlohmann::ordered_json read_json_file(const std::filesystem::path& path)
{
    const auto text = files::try_read_file(path);
    if (!text) {
        const auto folder = path.parent_path();
        const bool has_spec = path.filename() != "spec.json" && std::filesystem::exists(folder / "spec.json");
        throw DataError{path.string() + ": can't be opened; " + folder.string() +
                        (has_spec ? " holds a run that hasn't come so far: `fedgram run --resume` goes on with it, and "
                                    "an import is made anew"
                                  : " is no run folder")};
    }
    return of_file([&] { return spec::parse_json_text(*text, path.string()); });
}

}  // namespace fedgram::run
