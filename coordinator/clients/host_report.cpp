#include "coordinator/clients/host_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::coordinator {

namespace {

energy::MeterRecord meter_record(const std::string& text, const protocol::NodeSet& hosted)
{
    const std::string where = "a host report's meter";
    auto record = energy::parse_meter_record(spec::parse_json_text(text, where), where);
    record.process = "client of nodes " + hosted.text();
    return record;
}

}  // namespace

double not_negative(double value, const char* what)
{
    if (!(value >= 0 && std::isfinite(value)))
        throw ProtocolError{"a host report's " + std::string{what} + " is " + std::to_string(value) +
                            "; at least 0 is expected"};
    return value;
}

HostReport host_report(const wire::ClientUpdate& update, const protocol::NodeSet& hosted)
{
    HostReport report;
    report.process_cpu_seconds = not_negative(update.cpu_seconds(), "cpu_seconds");
    report.node.cpu_seconds = not_negative(update.node_cpu_seconds(), "node_cpu_seconds");
    if (!update.node_estimate().empty()) report.node.estimate = meter_record(update.node_estimate(), hosted);
    for (const auto& text : update.host_meters()) report.meters.push_back(meter_record(text, hosted));
    return report;
}

}  // namespace fedgram::coordinator
