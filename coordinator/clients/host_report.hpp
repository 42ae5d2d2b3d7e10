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

/// Throws ProtocolError, with the name of what it is, for a value below zero or not finite.
double not_negative(double value, const char* what);

/// In its meters' records the client is named by its nodes, whatever it calls itself. Throws ProtocolError for seconds
/// below zero or not finite, SpecError for text that is no meter record.
[[nodiscard]] HostReport host_report(const wire::ClientUpdate& update, const protocol::NodeSet& hosted);

}  // namespace fedgram::coordinator
