#include "common/report/explain/reductions_chain.hpp"

#include <algorithm>

#include "common/report/explain/section.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/spec/reduction.hpp"
#include "common/text/banded_number.hpp"

namespace fedgram::report {

namespace {

std::string work_text(const energy::Work& work)
{
    return std::to_string(work.flops) + " FLOPs, " + std::to_string(work.memory_bytes) + " bytes of memory traffic, " +
           std::to_string(work.kernels) + " kernels";
}

std::string inference_text(const learning::InferenceWork& inference)
{
    const bool is_int8 = inference.int8_ops > 0;
    return std::to_string(is_int8 ? inference.int8_ops : inference.float_ops) +
           (is_int8 ? " operations in int8, " : " FLOPs, ") + std::to_string(inference.memory_bytes) +
           " bytes of memory traffic, " + std::to_string(inference.kernels) + " kernels; at most " +
           std::to_string(inference.peak_activation_bytes) + " bytes of activations, in " + inference.peak_operator;
}

std::string request_text(const RequestCost& request, const RequestDevice& device, double per_second)
{
    if (!request.cost.energy) return request.cost.why_not;
    const auto& energy = *request.cost.energy;
    auto words = digits(energy.service.count()) + " s and " + digits(energy.busy.count()) + " J";
    if (energy.idle)
        words += " + " + digits(device.device.idle_power()->count()) + " W x ((" + std::to_string(energy.instances) +
                 " / " + digits(per_second) + ") - " + digits(energy.service.count()) + ") s";
    if (device.pue) words = "(" + words + ") x PUE " + digits(*device.pue);
    words += " = " + digits(request.joules.count()) + " J = " + digits(request.grams.count()) + " g";
    if (request.gram_band.is_known()) words += ", " + text::band_text(request.gram_band) + " g by the figures' bands";
    return words;
}

}  // namespace

std::string reductions_chain(const Table& table, const Cell& cell)
{
    const auto& reductions = table.reductions;
    const auto training = table.columns[cell.column].training;
    std::string text;
    for (const auto& row : reductions.rows) {
        if (row.training != training) continue;
        Section section{row.levers.empty() ? "Requests to the model of " + row.label
                                           : "Smaller model " + row.label + ": " + row.levers};
        for (const auto& step : row.result.steps) {
            const auto name = std::string{spec::name(step.lever)};
            if (step.cost.tuning.steps > 0) section.line(name + ", training", work_text(step.cost.tuning));
            if (step.cost.passes.samples > 0) section.line(name + ", passes", work_text(step.cost.passes));
            if (step.cost.kept_bytes > 0)
                section.line(name + ", kept", std::to_string(step.cost.kept_bytes) + " bytes meanwhile");
        }
        if (!row.levers.empty())
            section.line("one-off", "on " + reductions.one_off_device + " = " + digits(row.one_off.count()) +
                                        " J = " + digits(row.one_off_grams.count()) + " g in " +
                                        table.accounting.countries.front().iso3);
        section.line("a request", inference_text(row.figures.inference));
        for (std::size_t i = 0; i < reductions.devices.size(); ++i)
            section.line("  " + device_words(reductions.devices[i]),
                         request_text(row.requests[i], reductions.devices[i], reductions.per_second));
        text += section.text();
    }
    return text;
}

}  // namespace fedgram::report
