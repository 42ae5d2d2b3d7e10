#pragma once

#include <cstdint>
#include <vector>

#include "common/random/stream.hpp"

namespace fedgram::fuzz {

using Input = std::vector<std::uint8_t>;

/// Makes new inputs of kept ones by a few random changes: bits, bytes, numbers and brackets that readers stumble over,
/// parts moved, doubled, left out or taken from another input. Knows nothing of coverage, unlike libFuzzer.
class Mutator {
public:
    /// `kept` must not be empty.
    Mutator(std::vector<Input> kept, std::uint64_t seed);

    [[nodiscard]] Input next();

private:
    [[nodiscard]] const Input& any_kept();
    [[nodiscard]] std::size_t place(const Input& input);  ///< from 0 to its size
    void change(Input& input);

    std::vector<Input> kept_;
    Stream random_;
};

}  // namespace fedgram::fuzz
