#include "common/learning/pruning/tensor_encoding.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <variant>

#include "common/error/error.hpp"
#include "common/learning/pruning/bitmap_form.hpp"
#include "common/learning/pruning/csr_form.hpp"
#include "common/learning/pruning/relative_form.hpp"
#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

namespace {

/// Every value as it is.
struct DenseForm {
    static std::uint64_t bytes(std::span<const float> values) { return values.size_bytes(); }
    static void append(std::span<const float> values, std::vector<std::byte>& to) { append_floats(values, to); }
    static void read(std::span<const std::byte> bytes, std::span<float> values)
    {
        std::ranges::copy(read_floats(bytes, values.size()), values.begin());
    }
};

using Form = std::variant<DenseForm, BitmapForm, CsrForm, RelativeForm>;

Form form_of(TensorForm form, std::size_t columns)
{
    switch (form) {
        case TensorForm::dense:
            break;
        case TensorForm::bitmap:
            return BitmapForm{};
        case TensorForm::csr_16:
            return CsrForm{16, columns};
        case TensorForm::csr_32:
            return CsrForm{32, columns};
        case TensorForm::relative_4:
            return RelativeForm{4};
        case TensorForm::relative_5:
            return RelativeForm{5};
        case TensorForm::relative_8:
            return RelativeForm{8};
    }
    return DenseForm{};
}

bool can_hold(TensorForm form, std::size_t columns) { return form != TensorForm::csr_16 || columns <= 65'536; }

std::size_t columns_of(std::size_t size, std::size_t rows)
{
    assert(rows > 0 && size >= rows && size % rows == 0);
    return size / rows;
}

}  // namespace

std::string_view name_of(TensorForm form)
{
    constexpr std::array<std::string_view, tensor_forms.size()> names{"dense",      "bitmap",     "csr-16",    "csr-32",
                                                                      "relative-4", "relative-5", "relative-8"};
    return names[static_cast<std::size_t>(form)];
}

std::optional<std::uint64_t> encoded_bytes(TensorForm form, std::span<const float> values, std::size_t rows)
{
    const auto columns = columns_of(values.size(), rows);
    if (!can_hold(form, columns)) return std::nullopt;
    return std::visit([&](const auto& kind) { return kind.bytes(values); }, form_of(form, columns));
}

std::vector<std::byte> encoded(TensorForm form, std::span<const float> values, std::size_t rows)
{
    const auto columns = columns_of(values.size(), rows);
    assert(can_hold(form, columns));
    std::vector<std::byte> bytes;
    std::visit([&](const auto& kind) { kind.append(values, bytes); }, form_of(form, columns));
    return bytes;
}

std::vector<float> decoded(TensorForm form, std::span<const std::byte> bytes, std::size_t size, std::size_t rows)
{
    const auto columns = columns_of(size, rows);
    if (!can_hold(form, columns))
        throw DataError{"is in the form " + std::string{name_of(form)} + ", which can't hold " +
                        std::to_string(columns) + " columns"};
    std::vector<float> values(size);
    std::visit([&](const auto& kind) { kind.read(bytes, values); }, form_of(form, columns));
    return values;
}

SmallestEncoding smallest_encoding(std::span<const float> values, std::size_t rows)
{
    auto smallest = TensorForm::dense;
    auto fewest = values.size_bytes();
    for (const auto form : tensor_forms)
        if (const auto bytes = encoded_bytes(form, values, rows); bytes && *bytes < fewest) {
            smallest = form;
            fewest = *bytes;
        }
    return {.form = smallest, .bytes = encoded(smallest, values, rows)};
}

}  // namespace fedgram::learning
