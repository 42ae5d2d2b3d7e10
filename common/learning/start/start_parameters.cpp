#include "common/learning/start/start_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/torchscript/stored_tensors.hpp"
#include "common/text/joined.hpp"

namespace fedgram::learning {

namespace {

using torchscript::NamedTensor;

constexpr std::string_view begin_of_model_file{"FDGMODL"};
constexpr std::string_view begin_of_torchscript{"PK"};

std::vector<NamedTensor> tensors_of_model_file(std::string_view bytes, const std::string& where)
{
    const auto file = decode_model_file(bytes, where);
    const auto candidate = with_context(where, [&] {
        auto restored = learning::restored(file);
        if (restored.int8)
            throw DataError{
                "its weights are int8 codes, which no training goes on from; use one whose weights are "
                "floats"};
        return restored;
    });
    std::vector<NamedTensor> tensors;
    for (const auto& slot : candidate.model.parameters.slots) {
        const auto first = candidate.parameters.begin() + static_cast<std::ptrdiff_t>(slot.offset);
        tensors.push_back({slot.name, slot.shape, {first, first + static_cast<std::ptrdiff_t>(slot.size)}});
    }
    return tensors;
}

std::vector<NamedTensor> tensors_of(const std::filesystem::path& path)
{
    if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path))
        throw SystemError{path.string() + " is no file; give that of a model"};
    const auto bytes = files::read_file(path);
    if (bytes.starts_with(begin_of_model_file)) return tensors_of_model_file(bytes, path.string());
    if (bytes.starts_with(begin_of_torchscript)) return torchscript::stored_tensors(bytes, path.string());
    throw DataError{path.string() +
                    ": is no model; give the LABEL.pt of a training by the native engine, or a .fgm of its reductions"};
}

/// "32 x 16 x 3 x 3"
std::string words_of(const std::vector<std::int64_t>& shape)
{
    std::vector<std::string> extents;
    for (const auto extent : shape) extents.push_back(std::to_string(extent));
    return text::joined(extents, " x ");
}

void check_values(const NamedTensor& tensor, const std::string& where)
{
    const auto found =
        std::ranges::find_if(tensor.values, [](float value) { return !std::isfinite(value); }) - tensor.values.begin();
    if (static_cast<std::size_t>(found) < tensor.values.size())
        throw DataError{where + ": its " + tensor.name + "[" + std::to_string(found) +
                        "] is no finite number; use the model of a training that hasn't diverged"};
}

}  // namespace

std::vector<float> start_parameters(const Model& model, const std::filesystem::path& path)
{
    return with_context("model.start", [&] {
        const auto where = path.string();
        const auto tensors = tensors_of(path);
        std::vector<float> parameters(model.parameters.size);
        for (const auto& slot : model.parameters.slots) {
            const auto tensor = std::ranges::find(tensors, slot.name, &NamedTensor::name);
            if (tensor == tensors.end())
                throw DataError{where + ": has no " + slot.name + ", which the model has; use a file of these layers"};
            if (tensor->shape != slot.shape || tensor->values.size() != slot.size)
                throw DataError{where + ": its " + slot.name + " is " + words_of(tensor->shape) + ", the model's " +
                                words_of(slot.shape) + "; use a file of these layers"};
            check_values(*tensor, where);
            std::ranges::copy(tensor->values, parameters.begin() + static_cast<std::ptrdiff_t>(slot.offset));
        }
        for (const auto& tensor : tensors)
            if (std::ranges::find(model.parameters.slots, tensor.name, &ParameterSlot::name) ==
                model.parameters.slots.end())
                throw DataError{where + ": has " + tensor.name +
                                ", which the model hasn't; use a file of these layers"};
        return parameters;
    });
}

}  // namespace fedgram::learning
