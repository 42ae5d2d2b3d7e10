#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::report {

/// One HTML file that opens without a network and holds all that it shows: skeleton, style, charts, script and data.
/// `data` is what page_data gives.
[[nodiscard]] std::string page(const nlohmann::ordered_json& data);

}  // namespace fedgram::report
