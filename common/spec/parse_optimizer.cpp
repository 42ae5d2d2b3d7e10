#include "common/spec/parse_optimizer.hpp"

#include <cstddef>

#include <nlohmann/json.hpp>

#include "common/spec/kind_object.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

void read_optimizer(StrictObject& section, Optimizer& optimizer)
{
    auto kind = static_cast<std::size_t>(optimizer.kind);
    const bool is_known = section.attempt([&] { section.read("optimizer", kind, optimizer_words); });
    if (static_cast<OptimizerKind>(kind) != optimizer.kind)
        optimizer = {.kind = static_cast<OptimizerKind>(kind),
                     .learning_rate = optimizer.learning_rate,
                     .weight_decay = optimizer.weight_decay,
                     .gradient_clip = optimizer.gradient_clip,
                     .precision = optimizer.precision};
    section.read("learning_rate", optimizer.learning_rate, above_zero_to_million);
    section.read("momentum", optimizer.momentum, zero_to_below_one);
    section.read("weight_decay", optimizer.weight_decay, zero_to_million);
    section.attempt([&] {
        if (section.has("nesterov")) optimizer.nesterov = section.boolean("nesterov");
    });
    section.read("gradient_clip", optimizer.gradient_clip, above_zero_to_million);
    auto precision = static_cast<std::size_t>(optimizer.precision);
    section.attempt([&] { section.read("precision", precision, precision_words); });
    optimizer.precision = static_cast<Precision>(precision);
    section.attempt([&] {
        // One that comes from the kind's section was refused there.
        if (is_known && optimizer.is_adaptive() && optimizer.momentum != 0 && section.has("momentum"))
            section.refuse("momentum", "0, or leave it out: momentum is for sgd, not for " +
                                           std::string{optimizer_words[static_cast<std::size_t>(optimizer.kind)]});
    });
    section.attempt([&] {
        if (is_known && optimizer.nesterov && (optimizer.is_adaptive() || optimizer.momentum == 0) &&
            section.has("nesterov"))
            section.refuse("nesterov", "false, or sgd with a momentum above 0");
    });
}

void write_optimizer(const Optimizer& optimizer, ordered_json& json)
{
    json["optimizer"] = optimizer_words[static_cast<std::size_t>(optimizer.kind)];
    json["learning_rate"] = optimizer.learning_rate;
    if (!optimizer.is_adaptive()) json["momentum"] = optimizer.momentum;
    json["weight_decay"] = optimizer.weight_decay;
    if (optimizer.nesterov) json["nesterov"] = true;
    if (optimizer.gradient_clip) json["gradient_clip"] = *optimizer.gradient_clip;
    if (optimizer.precision != Precision::float32)
        json["precision"] = precision_words[static_cast<std::size_t>(optimizer.precision)];
}

void read_rate_schedule(StrictObject& parent, const char* key, RateSchedule& schedule, bool refused)
{
    const auto object = kind_object(parent, key, "kind", rate_schedule_words);
    Mistakes mistakes;
    StrictObject section{object, parent.path_of(key), Wording::specification, &mistakes};
    const bool has_kind = section.has("kind");
    if (!has_kind && refused) return;
    auto read = schedule;
    auto kind = schedule.kind;
    if (has_kind) kind = static_cast<RateScheduleKind>(section.word("kind", rate_schedule_words));
    if (kind != read.kind) read = {.kind = kind, .warmup_rounds = read.warmup_rounds};
    section.read("warmup_rounds", read.warmup_rounds, 0);
    if (read.kind == RateScheduleKind::step) {
        section.read("every", read.every, 1);
        section.read("factor", read.factor, above_zero_to_one);
    }
    if (read.kind == RateScheduleKind::cosine || read.kind == RateScheduleKind::linear) {
        section.read("rounds", read.rounds, 1);
        section.read("final", read.final, zero_to_one);
        section.attempt([&] {
            if (!read.rounds || *read.rounds > read.warmup_rounds) return;
            if (section.has("rounds"))
                section.refuse("rounds", "more than the " + std::to_string(read.warmup_rounds) + " of warmup_rounds");
            if (section.has("warmup_rounds"))
                section.refuse("warmup_rounds", "fewer than the " + std::to_string(*read.rounds) + " of rounds");
        });
    }
    section.finish();
    mistakes.finish();
    schedule = read;
}

ordered_json to_json(const RateSchedule& schedule)
{
    ordered_json json{{"kind", rate_schedule_words[static_cast<std::size_t>(schedule.kind)]}};
    if (schedule.warmup_rounds > 0) json["warmup_rounds"] = schedule.warmup_rounds;
    if (schedule.kind == RateScheduleKind::step) {
        json["every"] = schedule.every;
        json["factor"] = schedule.factor;
    }
    if (schedule.kind == RateScheduleKind::cosine || schedule.kind == RateScheduleKind::linear) {
        if (schedule.rounds) json["rounds"] = *schedule.rounds;
        json["final"] = schedule.final;
    }
    return json;
}

}  // namespace fedgram::spec
