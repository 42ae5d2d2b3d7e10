#include "experiments/calibration/log_option_use.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using experiments::refuse_idle_log_options;
using power_logs::LogForm;
using power_logs::PowerLogOptions;

namespace {

/// What is wrong with one option beside a log of `form`.
template <class Value>
std::string error_of(Value PowerLogOptions::*option, const Value& value, LogForm form)
{
    PowerLogOptions options;
    options.*option = value;
    try {
        refuse_idle_log_options(options, {form});
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("An option of logs is refused where no log has a use for it", "[experiments]")
{
    using Text = std::string;
    const auto idle = [](const auto& error, const char* option) { return error.starts_with(Text{option} + ": "); };
    CHECK(error_of(&PowerLogOptions::label, Text{"train"}, LogForm::tegrastats) ==
          "--label: no log here has a use for it; leave it out, it is for logs of CodeCarbon and Zeus' windows");
    CHECK(error_of(&PowerLogOptions::label, Text{"train"}, LogForm::zeus_windows) == "no error");
    CHECK(idle(error_of(&PowerLogOptions::device, Text{"0"}, LogForm::turbostat), "--gpu"));
    CHECK(idle(error_of(&PowerLogOptions::columns, {"power.draw"}, LogForm::csv), "--columns"));
    CHECK(idle(error_of(&PowerLogOptions::watts_column, Text{"W"}, LogForm::codecarbon), "--watts-column"));
    CHECK(idle(error_of(&PowerLogOptions::joules_column, Text{"J"}, LogForm::nvidia_smi), "--joules-column"));
    CHECK(idle(error_of(&PowerLogOptions::utc_offset, {std::chrono::minutes{60}}, LogForm::perf_stat), "--utc-offset"));
    CHECK(idle(error_of(&PowerLogOptions::interval, {power_logs::LogTime{1}}, LogForm::codecarbon), "--interval"));
}

TEST_CASE("One log that has a use for an option is enough", "[experiments]")
{
    PowerLogOptions options;
    options.label = "train";
    CHECK_NOTHROW(refuse_idle_log_options(options, {LogForm::tegrastats, LogForm::zeus_windows}));
    CHECK_NOTHROW(refuse_idle_log_options({}, {LogForm::tegrastats}));
}
