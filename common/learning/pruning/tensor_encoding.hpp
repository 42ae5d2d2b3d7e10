#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

/// How a tensor is stored. README.md has the bytes of each.
enum class TensorForm : std::uint8_t { dense, bitmap, csr_16, csr_32, relative_4, relative_5, relative_8 };

inline constexpr std::array tensor_forms{TensorForm::dense,     TensorForm::bitmap,     TensorForm::csr_16,
                                         TensorForm::csr_32,    TensorForm::relative_4, TensorForm::relative_5,
                                         TensorForm::relative_8};

/// "dense", "bitmap", "csr-16", "relative-4", ...
[[nodiscard]] std::string_view name_of(TensorForm form);

// `values` are a matrix of `rows` rows, at least 1, which divide them, one behind the other: a weight slot's [out,
// rest]. A tensor has at most 2^31 values, of 1, 2 or 4 bytes each.

/// What `encoded` takes, to the byte; nothing where the form can't hold it, as 16 bits can't more than 65,536 columns.
[[nodiscard]] std::optional<std::uint64_t> encoded_bytes(TensorForm form, const TensorValues& values, std::size_t rows);

/// In a form that can hold it.
[[nodiscard]] std::vector<std::byte> encoded(TensorForm form, const TensorValues& values, std::size_t rows);

/// Fills `values`, which are 0 and `width` bytes each, with the same bits. Throws DataError for bytes that `encoded`
/// doesn't give; the text is for behind the tensor's name: "has an entry that is out of range: ...".
void decode(TensorForm form, std::span<const std::byte> bytes, std::size_t rows, std::size_t width,
            std::span<std::byte> values);

/// The same bits back, -0 and NaN too, of a tensor of `size` values. Throws what `decode` throws.
template <class Value = float>
[[nodiscard]] std::vector<Value> decoded(TensorForm form, std::span<const std::byte> bytes, std::size_t size,
                                         std::size_t rows)
{
    std::vector<Value> values(size);
    decode(form, bytes, rows, sizeof(Value), std::as_writable_bytes(std::span{values}));
    return values;
}

struct SmallestForm {
    TensorForm form{};
    std::uint64_t bytes = 0;  ///< that `encoded` takes in it
};

/// The form that takes the fewest bytes, of equal ones the first.
[[nodiscard]] SmallestForm smallest_form(const TensorValues& values, std::size_t rows);

struct SmallestEncoding {
    TensorForm form{};
    std::vector<std::byte> bytes;
};

/// In that form.
[[nodiscard]] SmallestEncoding smallest_encoding(const TensorValues& values, std::size_t rows);

}  // namespace fedgram::learning
