#include "common/learning/levers/stored_model.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/levers/sparse_tensor.hpp"
#include "common/learning/pruning/tensor_encoding.hpp"
#include "common/learning/quantization/encoded_tensor.hpp"
#include "common/learning/quantization/quantized_tensors.hpp"
#include "common/learning/weight_sharing/compressed_tensor.hpp"

namespace fedgram::learning {

namespace {

constexpr std::string_view shared_word = "shared";

std::vector<std::uint32_t> shape_of(const ParameterSlot& slot)
{
    std::vector<std::uint32_t> shape;
    for (const auto extent : slot.shape) shape.push_back(static_cast<std::uint32_t>(extent));
    return shape;
}

std::size_t rows_of(const ParameterSlot& slot) { return static_cast<std::size_t>(slot.shape.front()); }

StoredTensor stored(const Candidate& candidate, std::size_t place)
{
    const auto& slot = candidate.model.parameters.slots[place];
    const auto values = std::span{candidate.parameters}.subspan(slot.offset, slot.size);
    StoredTensor tensor{slot.name, {}, shape_of(slot), {}};
    if (!candidate.shared.empty() && !candidate.shared[place].codes.empty()) {
        tensor.encoding = shared_word;
        tensor.bytes = compress(candidate.shared[place], candidate.index_bits).bytes;
    } else if (candidate.rounded_to) {
        const auto as = *candidate.rounded_to == spec::QuantizedType::fp16 ? FloatEncoding::fp16 : FloatEncoding::bf16;
        tensor.encoding = word_of(as);
        tensor.bytes = encode_tensor(slot.name, values, 1, as).bytes;
        make_sparse(tensor);
    } else {
        auto [form, bytes] = smallest_encoding(values, rows_of(slot));
        tensor.encoding = name_of(form);
        tensor.bytes = std::move(bytes);
    }
    return tensor;
}

void read(StoredTensor tensor, const ParameterSlot& slot, std::span<float> values)
{
    make_dense(tensor);
    if (tensor.encoding == shared_word) {
        std::ranges::copy(expand(decompress(tensor.bytes, slot.size)), values.begin());
        return;
    }
    const auto form = std::ranges::find(tensor_forms, tensor.encoding, [](TensorForm each) { return name_of(each); });
    if (form == tensor_forms.end())
        decode_tensor({tensor.name, tensor.encoding, tensor.bytes}, 1, values);
    else
        std::ranges::copy(decoded(*form, tensor.bytes, slot.size, rows_of(slot)), values.begin());
}

bool is_int8(const ModelFile& file)
{
    return std::ranges::any_of(file.tensors, [](const auto& tensor) { return tensor.encoding.starts_with("int8"); });
}

[[noreturn]] void refuse_other_model(std::size_t number, const StoredTensor& tensor, const ParameterSlot& slot)
{
    throw DataError{"its tensor " + std::to_string(number) + ", " + tensor.name + ", isn't " + slot.name +
                    " of a model of its layers"};
}

// Of an int8 model, none of them in a sparse form.
std::vector<EncodedTensor> encoded_tensors(const ModelFile& file, const ParameterTable& table)
{
    std::vector<EncodedTensor> tensors;
    for (auto tensor : file.tensors) {
        const auto slot = std::ranges::find(table.slots, tensor.name, &ParameterSlot::name);
        if (slot != table.slots.end()) {
            if (tensor.shape != shape_of(*slot)) refuse_other_model(tensors.size() + 1, tensor, *slot);
            with_context<DataError>(tensor.name, [&] { make_dense(tensor); });
        }
        tensors.push_back({std::move(tensor.name), std::move(tensor.encoding), std::move(tensor.bytes)});
    }
    return tensors;
}

}  // namespace

ModelFile stored_model(const Candidate& candidate)
{
    ModelFile file{candidate.spec, candidate.model.shape, nlohmann::ordered_json::object(), {}};
    const auto& slots = candidate.model.parameters.slots;
    if (candidate.int8) {
        for (auto& tensor : encode_quantized(*candidate.int8)) {
            const auto slot = std::ranges::find(slots, tensor.name, &ParameterSlot::name);
            auto& added = file.tensors.emplace_back();
            added = {std::move(tensor.name), std::move(tensor.encoding),
                     slot == slots.end() ? std::vector<std::uint32_t>{} : shape_of(*slot), std::move(tensor.bytes)};
            make_sparse(added);
        }
        return file;
    }
    for (std::size_t i = 0; i < slots.size(); ++i) file.tensors.push_back(stored(candidate, i));
    return file;
}

Candidate restored(const ModelFile& file)
{
    Candidate candidate{.spec = file.model, .model = build_model(file.model, file.shape), .parameters = {}};
    if (is_int8(file)) {
        candidate.int8 = decode_quantized(candidate.model, encoded_tensors(file, candidate.model.parameters));
        return candidate;
    }
    const auto& slots = candidate.model.parameters.slots;
    if (file.tensors.size() != slots.size())
        throw DataError{"it has " + std::to_string(file.tensors.size()) + " tensors, and a model of its layers has " +
                        std::to_string(slots.size())};
    // Before anything is allocated that the file's layers only claim.
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (file.tensors[i].name != slots[i].name || file.tensors[i].shape != shape_of(slots[i]))
            refuse_other_model(i + 1, file.tensors[i], slots[i]);
    candidate.parameters.resize(candidate.model.parameters.size);
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto& tensor = file.tensors[i];
        with_context<DataError>(tensor.name, [&] {
            read(tensor, slots[i], std::span{candidate.parameters}.subspan(slots[i].offset, slots[i].size));
        });
    }
    return candidate;
}

}  // namespace fedgram::learning
