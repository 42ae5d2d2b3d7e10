#include "common/learning/pruning/tensor_encoding.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <variant>

#include "common/error/error.hpp"
#include "common/learning/codec/value_code.hpp"
#include "common/learning/pruning/bitmap_form.hpp"
#include "common/learning/pruning/csr_form.hpp"
#include "common/learning/pruning/relative_form.hpp"
#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

namespace {

// How the places of the values that aren't 0 are told; behind them stand the values. A form turns those places into
// entries, the places whose values are written; says what they take, appends and reads them, the latter from the
// beginning of bytes that it leaves the rest of; and throws DataError where an entry can't be a 0.
using Form = std::variant<BitmapForm, CsrForm, RelativeForm>;

// Of a form that isn't dense.
Form form_of(TensorForm form, std::size_t rows, std::size_t columns)
{
    switch (form) {
        case TensorForm::dense:
        case TensorForm::bitmap:
            break;
        case TensorForm::csr_16:
            return CsrForm{16, rows, columns};
        case TensorForm::csr_32:
            return CsrForm{32, rows, columns};
        case TensorForm::relative_4:
            return RelativeForm{4, rows * columns};
        case TensorForm::relative_5:
            return RelativeForm{5, rows * columns};
        case TensorForm::relative_8:
            return RelativeForm{8, rows * columns};
    }
    return BitmapForm{rows * columns};
}

bool can_hold(TensorForm form, std::size_t columns) { return form != TensorForm::csr_16 || columns <= 65'536; }

std::size_t columns_of(std::size_t size, std::size_t rows)
{
    assert(rows > 0 && size >= rows && size % rows == 0);
    return size / rows;
}

std::uint64_t encoded_bytes_with(TensorForm form, const Places& stored, std::size_t width, std::size_t rows,
                                 std::size_t columns)
{
    return std::visit(
        [&](const auto& kind) {
            const auto entries = kind.entries(stored);
            return kind.bytes(entries) + width * entries.size();
        },
        form_of(form, rows, columns));
}

}  // namespace

std::string_view name_of(TensorForm form)
{
    constexpr std::array<std::string_view, tensor_forms.size()> names{"dense",      "bitmap",     "csr-16",    "csr-32",
                                                                      "relative-4", "relative-5", "relative-8"};
    return names[static_cast<std::size_t>(form)];
}

std::optional<std::uint64_t> encoded_bytes(TensorForm form, const TensorValues& values, std::size_t rows)
{
    const auto columns = columns_of(values.size(), rows);
    if (form == TensorForm::dense) return values.bytes().size();
    if (!can_hold(form, columns)) return std::nullopt;
    return encoded_bytes_with(form, stored_places(values), values.width(), rows, columns);
}

std::vector<std::byte> encoded(TensorForm form, const TensorValues& values, std::size_t rows)
{
    const auto columns = columns_of(values.size(), rows);
    assert(can_hold(form, columns));
    if (form == TensorForm::dense) return {values.bytes().begin(), values.bytes().end()};
    std::vector<std::byte> bytes;
    std::visit(
        [&](const auto& kind) {
            const auto entries = kind.entries(stored_places(values));
            kind.append(entries, bytes);
            append_values(values, entries, bytes);
        },
        form_of(form, rows, columns));
    return bytes;
}

void decode(TensorForm form, std::span<const std::byte> bytes, std::size_t rows, std::size_t width,
            std::span<std::byte> values)
{
    const auto columns = columns_of(values.size() / width, rows);
    if (!can_hold(form, columns))
        throw DataError{"is in the form " + std::string{name_of(form)} + ", which can't hold " +
                        std::to_string(columns) + " columns"};
    if (form == TensorForm::dense) {
        require_bytes(bytes, values.size());
        std::ranges::copy(bytes, values.begin());
        return;
    }
    std::visit(
        [&](const auto& kind) {
            const auto entries = kind.read(bytes);
            require_bytes(bytes, width * entries.size());
            const TensorValues stored{bytes, width};
            for (std::size_t i = 0; i < entries.size(); ++i)
                if (stored.is_zero(i)) kind.check_zero(entries, i);
            place_values(stored, entries, values);
        },
        form_of(form, rows, columns));
}

SmallestForm smallest_form(const TensorValues& values, std::size_t rows)
{
    const auto columns = columns_of(values.size(), rows);
    const auto stored = stored_places(values);
    SmallestForm smallest{TensorForm::dense, values.bytes().size()};
    for (const auto form : tensor_forms) {
        if (form == TensorForm::dense || !can_hold(form, columns)) continue;
        const auto bytes = encoded_bytes_with(form, stored, values.width(), rows, columns);
        if (bytes < smallest.bytes) smallest = {form, bytes};
    }
    return smallest;
}

SmallestEncoding smallest_encoding(const TensorValues& values, std::size_t rows)
{
    const auto form = smallest_form(values, rows).form;
    return {.form = form, .bytes = encoded(form, values, rows)};
}

}  // namespace fedgram::learning
