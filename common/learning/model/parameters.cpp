#include "common/learning/model/parameters.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include "common/files/sha256.hpp"

namespace fedgram::learning {

static_assert(std::endian::native == std::endian::little, "parameters are hashed and sent as they lie in memory");

std::size_t ParameterTable::trained_size() const
{
    const auto buffer = std::ranges::find(slots, false, &ParameterSlot::is_trained);
    return buffer == slots.end() ? size : buffer->offset;
}

std::string name_of(const ParameterTable& table, std::size_t index)
{
    const auto behind = std::ranges::upper_bound(table.slots, index, {}, &ParameterSlot::offset);
    const auto& slot = *std::prev(behind);
    return slot.name + "[" + std::to_string(index - slot.offset) + "]";
}

std::string sha256(std::span<const float> parameters) { return files::sha256(std::as_bytes(parameters)); }

}  // namespace fedgram::learning
