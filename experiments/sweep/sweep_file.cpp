#include "experiments/sweep/sweep_file.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/run/json_file.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format_key = "format";
constexpr std::uint32_t newest_format = 1;

SweepPlan parse(Json json, const std::string& path)
{
    spec::StrictObject object{json, path};
    run::check_format(object, format_key, newest_format);
    json.erase(format_key);
    try {
        return parse_sweep(json);
    } catch (const SpecError& error) {
        throw SpecError{path + ": " + error.what()};
    }
}

}  // namespace

std::string sweep_text(const SweepPlan& plan)
{
    Json json{{format_key, newest_format}};
    json.update(to_json(plan));
    return json.dump(2) + "\n";
}

bool is_sweep_folder(const std::filesystem::path& folder)
{
    return std::filesystem::exists(folder / sweep_file) ||
           (std::filesystem::exists(folder / "sweep.csv") && std::filesystem::is_directory(folder / "runs"));
}

SweepPlan read_sweep_file(const std::filesystem::path& folder)
{
    const auto path = folder / sweep_file;
    if (!std::filesystem::exists(path))
        throw DataError{
            path.string() +
            " is missing, as in a sweep of an earlier version; call `fedgram sweep` with the same sweep and "
            "--out " +
            folder.string() + ", which writes it and makes no whole run anew"};
    const auto json = run::read_json_file(path);
    return run::of_file([&] { return parse(json, path.string()); });
}

}  // namespace fedgram::experiments
