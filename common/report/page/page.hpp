#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::report {

/// One HTML file that opens without a network and holds all that it shows: skeleton, style, charts, script and data.
/// `data` is what page_data gives.
[[nodiscard]] std::string page(const nlohmann::ordered_json& data);

/// The same of several runs; `data` is what several_data gives.
[[nodiscard]] std::string several_page(const nlohmann::ordered_json& data);

/// The same of a sweep; `data` is what common/report/page/README.md says.
[[nodiscard]] std::string sweep_page(const nlohmann::ordered_json& data);

/// The page of a run that goes on. It asks "events", beside it, for all that it shows, and nobody else.
[[nodiscard]] std::string live_page(const std::string& run, const std::string& version);

}  // namespace fedgram::report
