#include "experiments/commands/ask.hpp"

#include <cmath>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "experiments/asking/answer_json.hpp"
#include "experiments/asking/candidates.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"

namespace fedgram::experiments {

namespace {

Objective objective_of(const AskOptions& options)
{
    Objective objective;
    objective.training = options.training;
    if (options.greenest) {
        if (!options.min_accuracy)
            throw SpecError{"--greenest: give --min-accuracy, which trainings must get to, such as 0.89"};
        if (!(*options.min_accuracy > 0 && *options.min_accuracy < 1))
            throw SpecError{"--min-accuracy: " + text::shortest(*options.min_accuracy) +
                            " is not valid; use a number between 0 and 1"};
        objective.kind = Objective::Kind::greenest;
        objective.min_accuracy = *options.min_accuracy;
        return objective;
    }
    if (!options.max_gco2e) throw SpecError{"--most-accurate: give --max-grams, which trainings may emit, such as 0.2"};
    if (!(*options.max_gco2e > 0 && std::isfinite(*options.max_gco2e)))
        throw SpecError{"--max-grams: " + text::shortest(*options.max_gco2e) + " is not valid; use a number above 0"};
    objective.kind = Objective::Kind::most_accurate;
    objective.max_gco2e = *options.max_gco2e;
    return objective;
}

void print(const nlohmann::ordered_json& json)
{
    std::cout << json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace

int ask(const AskOptions& options)
{
    const int questions = options.greenest + options.most_accurate + !options.break_even.empty();
    if (questions != 1) throw SpecError{"ask: give one of --greenest, --most-accurate and --break-even"};
    if (options.min_accuracy && !options.greenest)
        throw SpecError{"--min-accuracy: it belongs to --greenest; leave it out"};
    if (options.max_gco2e && !options.most_accurate)
        throw SpecError{"--max-grams: it belongs to --most-accurate; leave it out"};
    if (!options.break_even.empty()) {
        const auto answer = answered({options.folder, options.break_even, options.training});
        if (options.json)
            print(break_even_json(answer));
        else
            for (const auto& sentence : break_even_sentences(answer)) std::cout << sentence << "\n";
        return 0;
    }
    const auto objective = objective_of(options);
    const auto candidates = candidates_of(options.folder, options.training);
    const auto choice = choose(candidates, objective);
    if (options.json)
        print(choice_json(candidates, objective, choice));
    else
        std::cout << choice_text(candidates, objective, choice);
    return 0;
}

void add_ask(CommandSet& commands)
{
    const auto options = std::make_shared<AskOptions>();
    const auto sub = commands.add("ask", "Ask a trained run or sweep which setting is greenest, and from where on",
                                  "  fedgram ask results/sweep --greenest --min-accuracy 0.89\n"
                                  "  fedgram ask results/sweep --most-accurate --max-grams 0.2\n"
                                  "  fedgram ask results/mine --break-even pue\n"
                                  "  fedgram ask results/sweep --break-even alpha",
                                  ask, options);
    sub.option("folder", &options->folder, "Folder of a run or a sweep").required().type_name("DIR");
    const auto greenest = sub.flag("--greenest", &options->greenest, "Which emits least on the way to --min-accuracy");
    const auto accurate =
        sub.flag("--most-accurate", &options->most_accurate, "Which is the most accurate within --max-grams")
            .excludes(greenest);
    sub.option(
           "--break-even", &options->break_even,
           "Where a federated training begins to emit less than the centralized one: pue, grid, link or device of a "
           "run, a key with numbers of a sweep")
        .type_name("OF")
        .suggests({"pue", "grid", "link", "device", "alpha", "local_epochs"})
        .excludes(greenest)
        .excludes(accurate);
    sub.option("--min-accuracy", &options->min_accuracy, "Fraction of 1 that a training must get to").type_name("A");
    sub.option("--max-grams", &options->max_gco2e, "gCO2e that a training may emit").type_name("G");
    sub.option("--training", &options->training, "Of this training alone").type_name("LABEL");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
