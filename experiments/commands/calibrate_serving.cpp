#include "experiments/commands/calibrate_serving.hpp"

#include <iostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/meters/core_power.hpp"
#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/number_text.hpp"
#include "common/text/printable.hpp"
#include "common/text/text_table.hpp"
#include "experiments/analyzing/machine_text.hpp"
#include "experiments/analyzing/served_calibration.hpp"
#include "experiments/analyzing/served_model.hpp"
#include "experiments/calibration/serving_record.hpp"
#include "experiments/commands/output_file.hpp"
#include "experiments/commands/trained_run.hpp"

namespace fedgram::experiments {

namespace {

std::optional<energy::Figure> core_watts(const std::optional<std::string>& stated)
{
    if (!stated) return std::nullopt;
    const auto power = energy::parse_core_power(*stated);
    return energy::Figure{power.likely().count(), power.low().count(), power.high().count(),
                          energy::EvidenceLevel::assumed,
                          "the stated " + text::shortest(power.likely().count()) +
                              " W of a busy core, times the cores; without what the machine draws idle"};
}

std::string milliseconds(const std::optional<Seconds>& time)
{
    return time ? text::significant(time->count() * 1e3) : "-";
}

std::string checks_text(const CalibratedForm& calibrated)
{
    text::TextTable table{{"batch", "instances", "load that wasn't fitted", "answers/s", "in virtual time", "off",
                           "mean ms", "in virtual time", "off", "p99 ms", "in virtual time"}};
    for (const auto& check : calibrated.checks) {
        const auto& configuration = check.probe.configuration;
        table.add({std::to_string(configuration.max_batch), std::to_string(configuration.instances),
                   check.what + (check.stable ? "" : ", not stable"), text::significant(check.measured_per_s),
                   text::significant(check.virtual_per_s), off_text(check.throughput_ratio()),
                   milliseconds(check.measured.mean), milliseconds(check.virtual_time.mean),
                   off_text(check.mean_ratio()), milliseconds(check.measured.percentiles[3].value),
                   milliseconds(check.virtual_time.percentiles[3].value)});
    }
    return calibrated.form.name + "\n" + table.text() + calibrated.agreement() + "\n";
}

void refuse_no_text(const std::string& option, const std::string& text)
{
    const auto printed = text::printable(text);
    if (text.empty() || printed != text)
        throw SpecError{option + ": \"" + printed +
                        "\" is not valid; use a text that is not empty and has no control characters"};
}

/// Only a serving record gives way to another one.
void refuse_foreign(const std::filesystem::path& out)
{
    refuse_unless_writable(out, "--out");
    if (!std::filesystem::is_regular_file(out)) return;
    const auto there = nlohmann::ordered_json::parse(files::read_file(out), nullptr, false);
    if (!energy::is_serving_profile(there))
        throw SystemError{"--out: " + out.string() + " is there and no serving record; choose another --out"};
}

}  // namespace

int calibrate_serving(const CalibrateServingOptions& options, const std::string& id, const std::string& name,
                      const std::filesystem::path& out)
{
    refuse_no_text("--id", id);
    if (!name.empty()) refuse_no_text("--name", name);
    if (!out.empty()) refuse_foreign(out);
    const auto experiment = experiment_of(options.run);
    const auto training = chosen_training(experiment, options.training).label;
    const auto model = model_of_run(options.run, experiment, training, {energy::Arithmetic::fp32});
    const auto files = files_of_variants(options.run, training, model);
    MeasuredMachine machine{.id = id,
                            .name = name.empty() ? id : name,
                            .what = machine_text(),
                            .cores = double(energy::usable_cores()),
                            .core_w = core_watts(options.core_power)};
    const LoadMeasuring measuring{.shortest = Seconds{options.seconds_per_measurement}, .sys = energy::sysfs_root()};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& variant = model.variants[i];
        const FormToCalibrate of{variant.variant.name + " of " + model.name, variant.demand, files[i]};
        auto calibrated =
            calibrated_form(of, machine.cores, measuring, [](const std::string& line) { std::cerr << line << "\n"; });
        std::cerr << checks_text(calibrated);
        if (!calibrated.is_reliable())
            std::cerr << "warning: " << calibrated.form.name
                      << ": what virtual time makes of this record isn't to be relied on; `fedgram analyze --here` "
                         "measures instead\n";
        machine.forms.push_back(std::move(calibrated.form));
    }
    const auto text = to_json(serving_record(machine)).dump(2) + "\n";
    // What is written is what `--device` will read.
    static_cast<void>(energy::parse_serving_profile(nlohmann::ordered_json::parse(text), "the record"));
    if (out.empty()) {
        std::cout << text;
        return 0;
    }
    try {
        files::write_file(out, text);
    } catch (const SystemError&) {
        std::cout << text;  // minutes of measuring aren't lost
        throw;
    }
    return 0;
}

}  // namespace fedgram::experiments
