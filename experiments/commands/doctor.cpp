#include "experiments/commands/doctor.hpp"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/host.hpp"
#include "common/energy/meters/meter_sampler.hpp"
#include "common/energy/meters/nvml.hpp"
#include "common/error/error.hpp"
#include "common/learning/engine/blas.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/precision.hpp"
#include "common/spec/words.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "datasets/readers/dataset.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/launch/child_process.hpp"

namespace fedgram::experiments {

namespace {

struct Finding {
    std::string what;
    bool works;
    std::string detail;
    nlohmann::ordered_json facts = nlohmann::ordered_json::object();  ///< further keys for --json
};

Finding cores() { return {"cores", true, std::to_string(energy::usable_cores()) + " usable by this process"}; }

Finding program(const std::string& name)
{
    const auto path = sibling_program(name);
    const bool there = ::access(path.c_str(), X_OK) == 0;
    return {name, there,
            there ? path.string() : path.string() + " is not there; build it, and keep the programs together"};
}

/// What `look` finds; where it throws, that `what` doesn't work, and why.
std::vector<Finding> tried(const std::string& what, const std::function<std::vector<Finding>()>& look)
{
    try {
        return look();
    } catch (const Error& error) {
        return {{what, false, error.what()}};
    }
}

std::vector<Finding> dataset(const std::string& name)
{
    const auto what = "data " + name;
    return tried(what, [&]() -> std::vector<Finding> {
        const auto data = datasets::load({.dataset = name}, std::nullopt);
        return {{what, true,
                 std::to_string(data.train.size()) + " training and " + std::to_string(data.test.size()) +
                     " test samples"}};
    });
}

std::vector<Finding> engine(const std::string& name)
{
    const auto what = "engine " + name;
    return tried(what, [&]() -> std::vector<Finding> {
        const auto opened = learning::open_engine(name);
        const auto info = opened->info();
        const bool slow = learning::is_reference_blas(info.blas);
        const auto missing = opened->missing_for_cuda();
        std::vector<Finding> findings{
            {what, true, info.version + ", " + info.cpu},
            {"BLAS", !slow, info.blas + (slow ? " is the slow reference; install libopenblas0-pthread" : "")},
            {"centralized training on cuda, engine " + name, missing.empty(),
             missing.empty() ? "\"device\": \"cuda\"" : missing}};
        if (name == "native") {
            const auto lacking = learning::missing_for_bf16();
            findings.push_back({"training in bf16, engine native", lacking.empty(),
                                lacking.empty() ? "\"precision\": \"bf16\"" : lacking});
        }
        return findings;
    });
}

/// Joules over `seconds` as watts, or why there are none. Empty for a length of 0.
std::string mean_watts(const energy::Reading& reading, double seconds)
{
    if (seconds == 0) return {};
    if (!reading.joules) return ", no power" + (reading.gaps.empty() ? "" : ": " + reading.gaps.front().reason);
    std::ostringstream text;
    text << std::fixed << std::setprecision(1) << ", mean " << reading.joules->count() / seconds << " W";
    if (!reading.complete()) text << " at least: " << reading.gaps.front().reason;
    for (const auto& warning : reading.warnings) text << "; " << warning;
    return text.str();
}

/// What each GPU does at the moment, since the watts of a busy one are no idle watts.
std::vector<Finding> gpus(const std::string& nvml_library)
{
    std::vector<Finding> findings;
    const auto nvml = energy::Nvml::open(nvml_library);
    if (!nvml) return findings;  // the meters tell why
    for (unsigned gpu = 0; gpu < (*nvml)->gpus(); ++gpu) {
        const auto usage = (*nvml)->usage(gpu);
        std::ostringstream text;
        Finding finding{"use of " + (*nvml)->name(gpu), usage.busy || usage.memory_used, {}};
        if (usage.busy) {
            text << std::lround(*usage.busy * 100) << " % of the last sample period busy";
            finding.facts["busy_share"] = *usage.busy;
        }
        if (usage.memory_used && usage.memory_total) {
            const auto gigabytes = [](Bytes bytes) { return static_cast<double>(bytes.count()) / 1e9; };
            text << (usage.busy ? ", " : "") << std::fixed << std::setprecision(1) << gigabytes(*usage.memory_used)
                 << " of " << gigabytes(*usage.memory_total) << " GB of memory used";
            finding.facts["memory_used_bytes"] = usage.memory_used->count();
            finding.facts["memory_total_bytes"] = usage.memory_total->count();
        }
        finding.detail = finding.works ? text.str() : "the driver tells neither use nor memory, as on a Jetson";
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> meters(const DoctorOptions& options)
{
    const double seconds = options.seconds;
    using Clock = std::chrono::steady_clock;
    std::vector<Finding> findings;
    auto found = energy::discover(options.sys, options.nvml_library);
    const auto begin = Clock::now();
    energy::MeterSampler sampler{std::move(found.meters), std::chrono::milliseconds{100}};
    std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
    sampler.stop();
    const double elapsed = seconds > 0 ? std::chrono::duration<double>{Clock::now() - begin}.count() : 0;
    for (const auto& meter : sampler.readings()) {
        Finding finding{"meter " + meter.name, true,
                        std::string{name(meter.boundary)} + ", " + std::string{name(meter.method)} +
                            mean_watts(meter.reading, elapsed)};
        finding.facts = {{"boundary", name(meter.boundary)}, {"method", name(meter.method)}};
        if (elapsed > 0 && meter.reading.joules) finding.facts["mean_w"] = meter.reading.joules->count() / elapsed;
        findings.push_back(std::move(finding));
    }
    for (const auto& meter : found.unavailable)
        findings.push_back({"meter " + meter.name,
                            false,
                            meter.reason + "; " + meter.remedy,
                            {{"reason", meter.reason}, {"remedy", meter.remedy}}});
    return findings;
}

}  // namespace

int doctor(const DoctorOptions& options)
{
    if (!(options.seconds >= 0 && options.seconds <= 3600))  // refuses NaN too
        throw SpecError{"--seconds: " + text::shortest(options.seconds) + " is not valid; use 0 to 3600"};
    std::vector<Finding> findings{cores(), program("fedgram-coordinator"), program("fedgram-client"),
                                  program("fedgram-serve")};
    for (auto& finding : dataset("fashion-mnist")) findings.push_back(std::move(finding));
    for (const auto name : spec::engine_words)
        for (auto& finding : engine(std::string{name})) findings.push_back(std::move(finding));
    for (auto& finding : meters(options)) findings.push_back(std::move(finding));
    for (auto& finding : gpus(options.nvml_library)) findings.push_back(std::move(finding));

    auto json = nlohmann::ordered_json::array();
    text::TextTable table{{"what", "works", "detail"}};
    for (const auto& finding : findings) {
        json.push_back({{"what", finding.what}, {"works", finding.works}, {"detail", finding.detail}});
        json.back().update(finding.facts);
        table.add({finding.what, finding.works ? "yes" : "no", finding.detail});
    }
    std::cout << (options.json ? json.dump(2) + "\n" : table.text());
    return 0;
}

void add_doctor(CommandSet& commands)
{
    const auto options = std::make_shared<DoctorOptions>();
    const auto sub = commands.add("doctor", "Show what works on this machine, and why the rest does not",
                                  "  fedgram doctor\n"
                                  "  fedgram doctor --seconds 5 --json",
                                  doctor, options);
    sub.option("--seconds", &options->seconds, "Read each meter's mean watts over so long (default: 0, not at all)")
        .type_name("N");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
