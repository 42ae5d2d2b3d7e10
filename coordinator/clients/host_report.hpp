#pragma once

#include <vector>

#include "common/energy/meters/meter_record.hpp"
#include "common/energy/meters/node_meter.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"

namespace fedgram::coordinator {

/// What a client says its host spent, beside the update. Never a joule of the ledger.
struct HostReport {
    double process_cpu_seconds = 0;             ///< since its last report
    energy::NodeCost node{};                    ///< of this local training alone
    std::vector<energy::MeterRecord> meters{};  ///< of the process, since the training's first model
};

/// The client is named by its nodes in its meters' records, whatever it calls itself. Throws ProtocolError for what is
/// no reading: text that isn't a meter record, seconds below zero or not finite.
[[nodiscard]] HostReport host_report(const wire::ClientUpdate& update, const protocol::NodeSet& hosted);

}  // namespace fedgram::coordinator
