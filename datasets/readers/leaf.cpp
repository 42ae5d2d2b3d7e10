#include "datasets/readers/leaf.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <system_error>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& where, const std::string& what) { throw DataError{where + ": " + what}; }

const Json& member(const Json& object, const char* key, const std::string& where)
{
    if (!object.is_object() || !object.contains(key))
        refuse(where, std::string{"has no \""} + key + "\", as LEAF's files have");
    return object[key];
}

std::string label_of(const Json& value, const std::string& where)
{
    if (value.is_string() && value != "") return value;
    if (value.is_number_integer()) return value.dump();
    refuse(where, "label " + value.dump() + "; expected a whole number or a text");
}

void add_sample(const Json& x, const std::string& where, RawSamples& raw)
{
    if (x.is_string()) {
        raw.texts.push_back(x);
        return;
    }
    if (!x.is_array() || x.empty()) refuse(where, "expected a list of numbers, or a text");
    const auto count = static_cast<std::uint32_t>(x.size());
    if (raw.shape.empty()) raw.shape = {count};
    if (raw.shape.front() != count)
        refuse(where, std::to_string(count) + " numbers; expected " + std::to_string(raw.shape.front()) +
                          ", as the samples before have");
    for (const auto& value : x) {
        if (!value.is_number() || !std::isfinite(value.get<float>()))
            refuse(where, value.dump() + "; expected a finite number");
        raw.values.push_back(value);
    }
}

Json json_of(const fs::path& path)
{
    try {
        return spec::parse_json_text(files::read_file(path), path.string());
    } catch (const SpecError& error) {
        throw DataError{error.what()};
    }
}

void read_user(const std::string& user, const Json& data, const std::string& file, RawSamples& raw,
               std::vector<std::string>& places)
{
    const auto where = file + ": user \"" + user + "\"";
    const auto& samples = member(data, "x", where);
    const auto& labels = member(data, "y", where);
    if (!samples.is_array() || !labels.is_array() || samples.size() != labels.size())
        refuse(where, "\"x\" and \"y\" are no lists of one length");
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto place = where + ", sample " + std::to_string(i);
        add_sample(samples[i], place, raw);
        if (labels[i].is_string() != labels[0].is_string())
            refuse(place, "labels that are texts and numbers are mixed");
        raw.labels.push_back(label_of(labels[i], place));
        raw.nodes.push_back(user);
        if (!raw.texts.empty() && !raw.values.empty()) refuse(place, "texts and numbers are mixed");
    }
    places.insert(places.end(), samples.size(), where);
}

}  // namespace

std::vector<fs::path> leaf_files(const std::vector<std::string>& paths)
{
    std::vector<fs::path> files;
    for (const auto& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            files.emplace_back(path);
            continue;
        }
        const auto first = files.size();
        for (const auto& entry : fs::directory_iterator{path, error})
            if (entry.path().extension() == ".json") files.push_back(entry.path());
        if (error || files.size() == first) throw DataError{path + ": no .json file; expected those of LEAF"};
        std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
    }
    return files;
}

RawSamples read_leaf(const std::vector<std::string>& paths)
{
    RawSamples raw;
    std::vector<std::string> places;
    for (const auto& path : leaf_files(paths)) {
        const auto file = path.string();
        const auto json = json_of(path);
        const auto& users = member(json, "users", file);
        const auto& data = member(json, "user_data", file);
        if (!users.is_array()) refuse(file, "\"users\" is no list");
        if (data.is_object() && data.size() != users.size())
            refuse(file, std::to_string(users.size()) + " users; \"user_data\" has " + std::to_string(data.size()));
        const auto* const counts = json.contains("num_samples") ? &json["num_samples"] : nullptr;
        std::set<std::string> seen;
        std::size_t place = 0;
        for (const auto& user : users) {
            if (!user.is_string()) refuse(file, "user " + user.dump() + "; expected a text");
            const auto name = user.get<std::string>();
            if (!seen.insert(name).second) refuse(file, "user \"" + name + "\" stands twice in \"users\"");
            const auto before = raw.size();
            read_user(name, member(data, name.c_str(), file + ": user_data"), file, raw, places);
            const auto read = raw.size() - before;
            if (counts != nullptr && (!counts->is_array() || place >= counts->size() || (*counts)[place] != read))
                refuse(file, "user \"" + name + "\" has " + std::to_string(read) +
                                 " samples, which \"num_samples\" doesn't say");
            ++place;
        }
    }
    if (raw.size() == 0) refuse(paths.front(), "no user with a sample");
    raw.where = [places](std::size_t sample) { return places[sample]; };
    return raw;
}

}  // namespace fedgram::datasets
