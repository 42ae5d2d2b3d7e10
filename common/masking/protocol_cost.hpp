#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/energy/work/work.hpp"
#include "common/masking/masked_sum.hpp"
#include "common/masking/ring.hpp"

namespace fedgram::masking {

/// What a round of the protocol costs, by counting.
///
/// Bytes are those of Bonawitz et al. 2017 (eprint 2017/281): public keys and encrypted shares of 256 bits
/// each, and the masked vector; per user 2 n a_K + (5 n - 4) a_S + d b bits in and out. With k neighbours n becomes
/// k + 1. As there, ids, the list of those that delivered, and what a message is wrapped in, count nothing. The model
/// is sent beside all this.
struct ProtocolSetting {
    std::uint32_t cohort = 0;      ///< n
    std::uint32_t neighbours = 0;  ///< k of each node
    std::uint64_t values = 0;      ///< d of an update
    Ring ring{1};                  ///< of b bits
};

enum class Stage { advertise_keys, share_keys, masked_input, unmask };
inline constexpr std::array stages{Stage::advertise_keys, Stage::share_keys, Stage::masked_input, Stage::unmask};

/// Up is from nodes to the coordinator.
struct Traffic {
    std::uint64_t messages_up = 0;
    std::uint64_t messages_down = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;

    Traffic& operator+=(const Traffic& other);
    friend bool operator==(const Traffic&, const Traffic&) = default;
};

/// Of one node in one stage.
///
/// | stage | up | down |
/// |---|---|---|
/// | advertise_keys | its 2 public keys | those of its k neighbours |
/// | share_keys | for each neighbour a share of its own mask's seed and one of its key | those of its k neighbours |
/// | masked_input | the masked vector, ceil(d b / 8) bytes | who delivered |
/// | unmask | for itself and each neighbour a share of one or the other | |
[[nodiscard]] Traffic traffic(Stage stage, const ProtocolSetting& setting);

/// Whether a node delivers its masked vector. One that drops out does so behind share_keys, with its neighbours'
/// shares.
enum class Delivery { delivered, dropped_out };

/// Of one node in all stages.
[[nodiscard]] Traffic node_traffic(const ProtocolSetting& setting, Delivery delivery);
/// Of the coordinator with all nodes, `dropouts` <= n of which drop out.
[[nodiscard]] Traffic coordinator_traffic(const ProtocolSetting& setting, std::uint32_t dropouts);

// Work is what masks take. Integer operations stand where FLOPs do:
//   - a block of AES-128, 16 bytes: 324, by 32-bit tables (Daemen and Rijmen 1999, AES proposal, 5.2): 16 look-ups and
//     16 exclusive ors in each of 10 rounds, and 4 for the first key;
//   - each value of a mask: 1, to add or subtract it;
//   - each value of a node's update: 6, to subtract the model, clip it twice, scale, round and weigh it;
//   - each value of a masked vector that comes: 1, to add it to the sum.
// A device with instructions for AES does a round of a block at once; its energy for masks is less then.
//
// Memory bytes: a node reads its update and the model in float32, and writes the masked vector. The coordinator reads
// each masked vector, and reads and writes the sum of 8 bytes a value, once for each vector and once for its masks.
// Masks themselves stay in the caches.
//
// Key agreement and the sharing of secrets, O(k) and O(k^2), aren't in it: they don't grow with d, and matter for
// models of some ten thousand values or fewer.

/// Bytes of one mask.
[[nodiscard]] std::uint64_t mask_bytes(const ProtocolSetting& setting);
/// Of a node that masks its update: with k + 1 masks.
[[nodiscard]] energy::Work masking_work(const ProtocolSetting& setting);
/// Of the coordinator, for so many masks that are left in the sum of those that delivered.
[[nodiscard]] energy::Work unmasking_work(const ProtocolSetting& setting, const LeftMasks& left);

}  // namespace fedgram::masking
