#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/energy/work/work.hpp"
#include "common/run/ledger.hpp"

namespace fedgram::run {

/// The ledger lines of a round that energy::price has priced on `edge`, for each node in the order given: download,
/// train, upload, idle.
[[nodiscard]] std::vector<LedgerLine> round_lines(const std::string& training, std::uint32_t round,
                                                  std::span<const energy::NodeRound> nodes,
                                                  const energy::RoundEnergy& priced, const energy::DeviceProfile& edge);

/// One phase that computes (train, evaluate, aggregate), priced on `device`.
[[nodiscard]] LedgerLine phase_line(const std::string& training, const energy::PhaseWork& done,
                                    const energy::DeviceProfile& device);

}  // namespace fedgram::run
