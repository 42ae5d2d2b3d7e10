#pragma once

#include <span>

#include "common/energy/ledger.hpp"
#include "common/energy/work.hpp"

namespace fedgram::carbon {

/// What the devices trained, wasted lines left aside. What the coordinator evaluates and aggregates isn't in it.
[[nodiscard]] energy::Work trained_work(std::span<const energy::LedgerLine> lines);

}  // namespace fedgram::carbon
