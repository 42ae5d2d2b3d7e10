#pragma once

#include <cstdint>
#include <optional>

#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// What is known of a training's nodes before a round begins. Each answer is the same whenever it is asked for. A
/// policy may ask for all nodes in each round: `samples` and `place` are to be cheap.
class NodeFacts {
public:
    virtual ~NodeFacts() = default;

    /// Ids are from 0 to below this.
    [[nodiscard]] virtual std::uint32_t nodes() const = 0;
    /// How many samples the node trains on.
    [[nodiscard]] virtual std::uint64_t samples(std::uint32_t node) const = 0;
    /// What one round of the node is expected to draw: download, training and upload, of all that counts in its grams.
    [[nodiscard]] virtual Joules joules(std::uint32_t node) const = 0;
    /// How long that is expected to take.
    [[nodiscard]] virtual Seconds seconds(std::uint32_t node) const = 0;

    /// Nodes in one place have one grid. Places are counted from 0 to below this.
    [[nodiscard]] virtual std::uint32_t places() const = 0;
    [[nodiscard]] virtual std::uint32_t place(std::uint32_t node) const = 0;
    /// Nothing where it isn't known: of a place whose grid only the table's row says, or beyond the end of a series. It
    /// holds from one full hour of virtual time to the next.
    [[nodiscard]] virtual std::optional<GramsPerKilowattHour> intensity(std::uint32_t place, Seconds at) const = 0;
};

}  // namespace fedgram::coordinator
