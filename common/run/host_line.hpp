#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/meters/meter_record.hpp"

namespace fedgram::run {

/// One line of host.jsonl: what this host spent on one local training, in the model or wasted.
struct HostLine {
    std::string training;  ///< label
    std::uint32_t round = 0;
    std::uint32_t node = 0;
    double cpu_seconds = 0;                       ///< of the thread that trained
    std::optional<energy::MeterRecord> estimate;  ///< nothing where no core's watts are stated
};

/// Without a line break.
[[nodiscard]] std::string to_json_line(const HostLine& line);

struct HostLines {
    std::vector<HostLine> lines;
    std::size_t damaged = 0;  ///< lines that are none; a crash leaves half a line
};

[[nodiscard]] HostLines parse_host_lines(std::string_view text);

}  // namespace fedgram::run
