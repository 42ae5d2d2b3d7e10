#include "common/learning/levers/sparse_tensor.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/pruning/tensor_encoding.hpp"
#include "common/learning/quantization/encoded_tensor.hpp"

namespace fedgram::learning {

namespace {

// Where a tensor's values lie: behind so many bytes of scales, so many bytes each.
struct Layout {
    std::size_t scales = 0;
    std::size_t width = 0;
};

std::optional<Layout> layout_of(std::string_view encoding, std::size_t rows)
{
    if (encoding == word_of(FloatEncoding::fp16) || encoding == word_of(FloatEncoding::bf16)) return Layout{0, 2};
    if (encoding == word_of(FloatEncoding::int8)) return Layout{sizeof(float), 1};
    if (encoding == word_of(FloatEncoding::int8_per_channel)) return Layout{rows * sizeof(float), 1};
    return std::nullopt;
}

std::size_t rows_of(const StoredTensor& tensor) { return tensor.shape.empty() ? 1 : tensor.shape.front(); }

std::size_t size_of(const StoredTensor& tensor)
{
    std::size_t size = 1;
    for (const auto extent : tensor.shape) size *= extent;
    return size;
}

}  // namespace

void make_sparse(StoredTensor& tensor)
{
    const auto layout = layout_of(tensor.encoding, rows_of(tensor));
    if (!layout) return;
    const auto values = std::span{std::as_const(tensor.bytes)}.subspan(layout->scales);
    auto [form, bytes] = smallest_encoding({values, layout->width}, rows_of(tensor));
    if (form == TensorForm::dense) return;
    tensor.bytes.resize(layout->scales);
    tensor.bytes.insert(tensor.bytes.end(), bytes.begin(), bytes.end());
    tensor.encoding += " " + std::string{name_of(form)};
}

void make_dense(StoredTensor& tensor)
{
    const auto space = tensor.encoding.find(' ');
    if (space == std::string::npos) return;
    const auto encoding = tensor.encoding.substr(0, space);
    const auto layout = layout_of(encoding, rows_of(tensor));
    const auto form = std::ranges::find(tensor_forms, tensor.encoding.substr(space + 1),
                                        [](TensorForm each) { return name_of(each); });
    if (!layout || form == tensor_forms.end() || *form == TensorForm::dense)
        throw DataError{"the encoding \"" + tensor.encoding +
                        "\" isn't known; it must be fp16, bf16, int8 or int8-per-channel, and a sparse form behind it"};
    if (tensor.bytes.size() < layout->scales)
        throw DataError{"has " + std::to_string(tensor.bytes.size()) + " bytes, fewer than the " +
                        std::to_string(layout->scales) + " of its scales"};
    const auto stored = std::span{std::as_const(tensor.bytes)};
    std::vector<std::byte> bytes(layout->scales + layout->width * size_of(tensor));
    std::ranges::copy(stored.first(layout->scales), bytes.begin());
    decode(*form, stored.subspan(layout->scales), rows_of(tensor), layout->width,
           std::span{bytes}.subspan(layout->scales));
    tensor.encoding = encoding;
    tensor.bytes = std::move(bytes);
}

}  // namespace fedgram::learning
