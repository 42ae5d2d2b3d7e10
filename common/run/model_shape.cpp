#include "common/run/model_shape.hpp"

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/json_file.hpp"

namespace fedgram::run {

namespace {

bool is_shape(const nlohmann::ordered_json& json)
{
    if (!json.is_array() || json.size() != 3) return false;
    for (const auto& extent : json)
        if (!extent.is_number_unsigned()) return false;
    return true;
}

}  // namespace

learning::Shape model_shape(const std::filesystem::path& folder)
{
    const auto path = folder / "inputs.json";
    const auto json = read_json_file(path);
    const auto facts = json.find("data");
    if (facts == json.end() || !facts->is_object())
        throw DataError{path.string() +
                        ": doesn't say which shape the run's samples have, as no folder of a version did "
                        "before they had that; train it anew"};
    const auto shape = facts->find("shape");
    const auto classes = facts->find("class_count");
    if (shape == facts->end() || !is_shape(*shape))
        throw DataError{path.string() + ": data.shape isn't [channels, height, width]"};
    if (classes == facts->end() || !classes->is_number_unsigned())
        throw DataError{path.string() + ": data.class_count isn't a whole number"};
    const auto extent = [](const nlohmann::ordered_json& number) { return number.get<std::uint32_t>(); };
    return {extent((*shape)[0]), extent((*shape)[1]), extent((*shape)[2]), extent(*classes)};
}

}  // namespace fedgram::run
