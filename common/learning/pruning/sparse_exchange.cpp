#include "common/learning/pruning/sparse_exchange.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::learning {

std::optional<SparseModel> smallest_sparse_model(std::span<const float> parameters)
{
    const auto [form, bytes] = smallest_form(parameters, 1);
    if (1 + bytes >= parameters.size_bytes()) return std::nullopt;
    return SparseModel{form, 1 + bytes};
}

std::vector<std::byte> sparse_model_message(const SparseModel& sparse, std::span<const float> parameters)
{
    auto message = encoded(sparse.form, parameters, 1);
    message.insert(message.begin(), static_cast<std::byte>(sparse.form));
    assert(message.size() == sparse.bytes);
    return message;
}

std::vector<float> read_sparse_model(std::span<const std::byte> message, std::size_t parameters)
{
    if (message.empty()) throw DataError{"a model has no byte, not even one that names its form"};
    const auto form = static_cast<std::size_t>(message.front());
    if (form >= tensor_forms.size() || tensor_forms[form] == TensorForm::dense)
        throw DataError{"a model is in form " + std::to_string(form) + "; the sparse ones are 1 to " +
                        std::to_string(tensor_forms.size() - 1)};
    try {
        return decoded(tensor_forms[form], message.subspan(1), parameters, 1);
    } catch (const DataError& error) {
        throw DataError{std::string{"a model "} + error.what()};
    }
}

void leave_kept_values(const Mask& mask, std::vector<float>& parameters)
{
    assert(parameters.size() == mask.size());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (mask.keeps(i)) parameters[kept++] = parameters[i];
    parameters.resize(kept);
}

void place_kept_values(std::span<const std::byte> values, const Mask& mask, std::span<float> parameters)
{
    assert(parameters.size() == mask.size());
    const auto wanted = sizeof(float) * mask.kept_count();
    if (values.size() != wanted)
        throw DataError{"it has " + std::to_string(values.size()) + " bytes; the values of the " +
                        std::to_string(mask.kept_count()) + " parameters that are not pruned take " +
                        std::to_string(wanted)};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        parameters[i] = 0;
        if (!mask.keeps(i)) continue;
        std::memcpy(&parameters[i], values.data(), sizeof(float));
        values = values.subspan(sizeof(float));
    }
}

}  // namespace fedgram::learning
