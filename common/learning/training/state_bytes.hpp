#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/error/error.hpp"

namespace fedgram::learning {

/// The state of a training in hand as bytes, for a checkpoint that the same build reads again on the same machine.
class StateWriter {
public:
    /// Their number, then the values as they lie in memory.
    template <class Value>
    void add(std::span<const Value> values)
    {
        static_assert(std::is_trivially_copyable_v<Value>);
        const std::uint64_t count = values.size();
        append(std::as_bytes(std::span{&count, 1}));
        append(std::as_bytes(values));
    }

    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

private:
    void append(std::span<const std::byte> bytes)
    {
        const auto end = bytes_.size();
        bytes_.resize(end + bytes.size());
        std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(end));
    }

    std::vector<std::byte> bytes_;
};

/// Reads what a StateWriter wrote, in the same order. Throws DataError where the bytes end too early.
class StateReader {
public:
    explicit StateReader(std::span<const std::byte> bytes) : rest_{bytes} {}

    template <class Value>
    [[nodiscard]] std::vector<Value> list()
    {
        std::uint64_t count = 0;
        std::memcpy(&count, next(sizeof count).data(), sizeof count);
        if (count > rest_.size() / sizeof(Value)) end_too_early();
        std::vector<Value> values(count);
        if (count > 0) std::memcpy(values.data(), next(count * sizeof(Value)).data(), count * sizeof(Value));
        return values;
    }

    /// A list that must have exactly `values.size()` entries.
    template <class Value>
    void read(std::span<Value> values)
    {
        const auto stored = list<Value>();
        if (stored.size() != values.size())
            throw DataError{"a training's state has " + std::to_string(stored.size()) + " values where " +
                            std::to_string(values.size()) + " are expected"};
        std::copy(stored.begin(), stored.end(), values.begin());
    }

private:
    [[noreturn]] static void end_too_early() { throw DataError{"a training's state ends too early"}; }

    std::span<const std::byte> next(std::size_t count)
    {
        if (count > rest_.size()) end_too_early();
        const auto bytes = rest_.first(count);
        rest_ = rest_.subspan(count);
        return bytes;
    }

    std::span<const std::byte> rest_;
};

}  // namespace fedgram::learning
