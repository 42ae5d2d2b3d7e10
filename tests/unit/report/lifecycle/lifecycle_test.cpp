#include "common/report/lifecycle/lifecycle.hpp"

#include <algorithm>
#include <limits>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/lifecycle/lifecycle_text.hpp"
#include "common/report/lifecycle/published_shares.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

// A prediction of 1e9 FLOPs takes the GPU 1 s and 360 J, and clients' devices 1 s and 10 J.
energy::InferenceDemand request(std::uint64_t flops = 1'000'000'000)
{
    energy::InferenceDemand demand;
    demand.work.samples = 1;
    demand.work.flops = flops;
    return demand;
}

ServingPlace data_centre() { return {.device = energy::InferenceDevice{.profile = energy::test::gpu()}, .pue = 1.5}; }
ServingPlace clients()
{
    return {.device = energy::InferenceDevice{.profile = energy::test::round_figures()}, .on_clients = true};
}

/// Ten days at one prediction in ten seconds: 86,400 of them, and a load of 10 %.
LifeQuestion question()
{
    LifeQuestion question{.plan = {.predictions_per_day = 8640, .days = 10}, .places = {data_centre()}};
    question.own_request = request();
    return question;
}

Lifecycle lives_of(const LifeQuestion& asked, const fedgram::run::RunRecord& record = carbon::test::run())
{
    return lifecycle(build_table(record, record.accounting), record, asked);
}

const LifePart& part(const Life& life, LifeStage stage)
{
    const auto found = std::ranges::find(life.parts, stage, &LifePart::stage);
    REQUIRE(found != life.parts.end());
    return *found;
}

bool has(const Life& life, LifeStage stage)
{
    return std::ranges::find(life.parts, stage, &LifePart::stage) != life.parts.end();
}

fedgram::run::RunRecord run_with_reduction()
{
    auto record = carbon::test::run();
    const auto figures = [](std::uint64_t ops) {
        learning::ModelFigures result;
        result.inference.float_ops = ops;
        return result;
    };
    learning::LeverStep step{.lever = spec::PruneFilters{}, .cost = {}, .figures = figures(500'000'000)};
    step.cost.tuning.flops = 2'000'000'000;
    record.reductions = {{"half", "central", figures(1'000'000'000), {step}}};
    return record;
}

energy::Figure figure(double value);

// A request of 5e8 multiply-accumulates takes 0.1 s of floor, and 0.5 s of computing.
energy::ServingProfile record()
{
    energy::ServingProfile profile;
    profile.id = "gpu";
    profile.rates = {{energy::Arithmetic::fp32, figure(1), {}}};
    profile.floor_s = figure(0.1);
    profile.idle_w = figure(10);
    profile.busy_w = figure(50);
    return profile;
}

energy::Figure figure(double value) { return {value, {}, {}, energy::EvidenceLevel::assumed, "for the test"}; }

}  // namespace

TEST_CASE("A life is training, computing and waiting, and the share of inference follows", "[report]")
{
    const auto lives = lives_of(question());
    REQUIRE(lives.lives.size() == 2);
    const auto& life = lives.lives[0];
    CHECK(life.basis.name == "central on gpu, PUE 1.5");
    CHECK(part(life, LifeStage::training).spent.joules.count() == Approx(5400));
    CHECK(part(life, LifeStage::evaluation).spent.joules.count() == Approx(540));
    // By hand: 86,400 x 360 J x 1.5; and 2 W for the other nine tenths of 864,000 s x 1.5.
    CHECK(part(life, LifeStage::computing).spent.joules.count() == Approx(46'656'000));
    CHECK(part(life, LifeStage::waiting).spent.joules.count() == Approx(2'332'800));
    CHECK(life.use.load == Approx(0.1));
    CHECK(life.use.devices == 1);
    CHECK(life.whole().joules.count() == Approx(5940 + 48'988'800));
    CHECK(life.whole().grams.count() == Approx((5940 + 48'988'800) / 3.6e6 * 400));
    CHECK(life.basis.before_use().grams.count() == Approx(0.66));
    CHECK(life.inference().joules.count() / life.whole().joules.count() == Approx(48'988'800.0 / 48'994'740));
    CHECK(life.per_prediction.count() == Approx(48'988'800 / 3.6e6 * 400 / 86'400));
    CHECK_FALSE(has(life, LifeStage::network));
    CHECK_FALSE(has(life, LifeStage::never_used));
    CHECK_FALSE(has(life, LifeStage::trials));
}

TEST_CASE("Where there is a serving record it prices predictions, in batches of 1, as an analysis does", "[report]")
{
    auto asked = question();
    asked.places[0].serving = record();
    const auto lives = lives_of(asked);
    const auto& life = lives.lives[0];
    // By hand: 50 W x 0.6 s; a mean of 10 + 0.06 x 40 = 12.4 W, all the time, less that.
    CHECK(part(life, LifeStage::computing).spent.joules.count() == Approx(30 * 86'400 * 1.5));
    CHECK(part(life, LifeStage::waiting).spent.joules.count() == Approx((12.4 * 864'000 - 30 * 86'400) * 1.5));
    CHECK_THAT(part(life, LifeStage::waiting).formula, Contains("12.4 W at a load of 6 % x 1 x 864000 s"));
    CHECK(life.use.load == Approx(0.06));
    CHECK(part(life, LifeStage::training).spent.joules.count() == Approx(5400));
    CHECK_THAT(lifecycle_text(lives),
               Contains("gpu: a prediction is priced by its serving record") &&
                   Contains("10 W (assumed) with the model loaded and nothing to do, 50 W (assumed) computing"));
    CHECK(lifecycle_json(lives).at("lives").at(0).at("priced_by") == "serving record");
    CHECK(lifecycle_json(lives_of(question())).at("lives").at(0).at("priced_by") == "the device profile, as training");

    asked.plan.predictions_per_day = 2.5 * 86400;  // 1.5 s a second
    CHECK(lives_of(asked).lives[0].use.devices == 2);

    // Bent: 10 + 0.6 x 24 = 24.4 W at six tenths of a tenth.
    asked = question();
    asked.places[0].serving = record();
    asked.places[0].serving->tenth_of_load_w = figure(34);
    CHECK(part(lives_of(asked).lives[0], LifeStage::waiting).spent.joules.count() ==
          Approx((24.4 * 864'000 - 30 * 86'400) * 1.5));

    asked.places[0].serving->idle_w.reset();
    asked.places[0].serving->tenth_of_load_w.reset();
    CHECK_FALSE(has(lives_of(asked).lives[0], LifeStage::waiting));
    asked.places[0].serving->busy_w.reset();
    CHECK(lives_of(asked).lives[0].basis.why_not == "gpu: its watts aren't known");
    asked.own_request->work.flops = 0;
    asked.own_request->int8_ops = 1'000'000'000;
    CHECK(lives_of(asked).lives[0].basis.why_not == "gpu: no rate of int8 is known");
    asked = question();
    asked.own_request->memory.model_bytes = 2'000'000;
    asked.places[0].serving = record();
    asked.places[0].serving->memory_bytes = figure(1e6);
    CHECK(lives_of(asked).lives[0].basis.why_not == "gpu: 2.00 MB are more than its memory of 1.00 MB");
}

TEST_CASE("Lives whose requests different records price are said to be compared over these", "[report]")
{
    auto asked = question();
    asked.places.push_back(clients());
    CHECK_THAT(lifecycle_text(lives_of(asked)), !Contains("compares these, too"));
    asked.places[0].serving = record();
    CHECK_THAT(lifecycle_text(lives_of(asked)), Contains("their break-even compares these, too"));
}

TEST_CASE("Each life has its model's accuracy beside its grams, and none where nobody evaluated it", "[report]")
{
    auto record = run_with_reduction();
    record.trainings[0].outcome.test_accuracy = 0.9;
    record.reductions[0].steps[0].figures.accuracy = 0.875;
    record.trainings[1].outcome.test_accuracy = std::numeric_limits<double>::quiet_NaN();
    const auto lives = lives_of(question(), record);
    const auto json = lifecycle_json(lives);
    CHECK(json.at("lives").at(0).at("accuracy") == 0.9);
    CHECK(json.at("lives").at(1).at("accuracy") == 0.875);
    CHECK(json.at("lives").at(2).at("accuracy").is_null());
    const auto text = lifecycle_text(lives);
    CHECK_THAT(text, Contains("accuracy, %") && Contains("90.00") && Contains("87.50"));
}

TEST_CASE("Of an unfinished run it is said which trainings have no result", "[report]")
{
    auto asked = question();
    CHECK(lifecycle_json(lives_of(asked)).at("unfinished").empty());
    CHECK_THAT(lifecycle_text(lives_of(asked)), !Contains("unfinished"));
    asked.unfinished = {"late", "later"};
    CHECK_THAT(lifecycle_text(lives_of(asked)),
               Contains("The run is unfinished. Without a result yet, and so without a life: late, later; "));
    CHECK(lifecycle_json(lives_of(asked)).at("unfinished").size() == 2);
}

TEST_CASE("As many devices wait as the load takes", "[report]")
{
    auto asked = question();
    asked.plan.predictions_per_day = 2.5 * 86400;
    const auto life = lives_of(asked).lives[0];
    CHECK(life.use.devices == 3);
    CHECK(life.use.load == Approx(2.5 / 3));
    CHECK(part(life, LifeStage::waiting).spent.joules.count() == Approx(2 * 0.5 * 864'000 * 1.5));
}

TEST_CASE("Clients' own devices have no PUE, no waiting and no network", "[report]")
{
    auto asked = question();
    asked.plan.request = RequestBytes{1'000'000, 2'500'000};
    asked.places.push_back(clients());
    const auto lives = lives_of(asked);
    REQUIRE(lives.lives.size() == 4);
    // By hand: 0.8 s up and 1 s down at the router's 7.5 W.
    CHECK(part(lives.lives[0], LifeStage::network).spent.joules.count() == Approx(7.5 * 1.8 * 86'400));
    const auto& own = lives.lives[1];
    CHECK(own.basis.name == "central on clients' round");
    CHECK(own.inference().joules.count() == Approx(10 * 86'400));
    CHECK_FALSE(has(own, LifeStage::waiting));
    CHECK_FALSE(has(own, LifeStage::network));
    CHECK(own.use.load == 0);
}

TEST_CASE("What never comes into use, trials and retraining are multiples of what they repeat", "[report]")
{
    auto asked = question();
    asked.plan.failed_share = 0.75;
    asked.plan.retrain_every_days = 4;
    asked.trials = {{"sweep", 3, 0, {.joules = Joules{1000}, .grams = GramsCO2e{0.1}}},
                    {"run", 1, 1, {.joules = Joules{500}, .grams = GramsCO2e{0.05}}}};
    auto record = carbon::test::run();
    record.wasted = Joules{60};
    const auto life = lives_of(asked, record).lives[0];
    CHECK(part(life, LifeStage::lost).spent.joules.count() == Approx(60));
    CHECK(part(life, LifeStage::trials).spent.joules.count() == Approx(1500));
    CHECK(part(life, LifeStage::trials).spent.grams.count() == Approx(0.15));
    // By hand: three others for each one that is used, each of training, evaluation, lost work and trials.
    CHECK(part(life, LifeStage::never_used).spent.joules.count() == Approx(3 * (5940 + 60 + 1500)));
    // Training and evaluation alone, at days 4 and 8; neither the search nor the others.
    CHECK(part(life, LifeStage::retraining).spent.joules.count() == Approx(2 * 5940));
    CHECK_THAT(part(life, LifeStage::never_used).formula, Contains("0.75 / (1 - 0.75) = 3 "));
    CHECK(life.basis.before_use().grams.count() == Approx(4 * (0.66 + 60 / 3.6e6 * 400 + 0.15)));
}

TEST_CASE("The device's making and its rent count for the time that it is there", "[report]")
{
    auto asked = question();
    auto& gpu = *asked.places[0].device->profile;
    gpu.embodied_kgco2e = figure(87.66);
    gpu.lifetime_years = figure(10);  // 1 g an hour
    gpu.rental_usd_per_hour = figure(0.5);
    auto record = carbon::test::run();
    record.accounting.datacenter_devices = {gpu};
    const auto life = lives_of(asked, record).lives[0];
    CHECK(part(life, LifeStage::computing).spent.embodied->count() == Approx(24));
    CHECK(part(life, LifeStage::waiting).spent.embodied->count() == Approx(216));
    CHECK(*part(life, LifeStage::waiting).spent.rent_usd == Approx(108));
    CHECK(life.all_embodied()->count() == Approx(240 + 10.0 / 3600));

    // The devices that trained this one have no known making, so that its life has no sum of them.
    CHECK_FALSE(lives_of(asked, record).lives[1].all_embodied());
}

TEST_CASE("A smaller model pays after its levers' grams over what each prediction saves", "[report]")
{
    const auto lives = lives_of(question(), run_with_reduction());
    REQUIRE(lives.lives.size() == 3);
    CHECK(lives.lives[1].basis.name == "half on gpu, PUE 1.5");
    CHECK(part(lives.lives[1], LifeStage::levers).spent.joules.count() == Approx(1080));
    const auto pair = lives.break_evens[0];
    CHECK(pair.greener == 1);
    CHECK(pair.other == 0);
    // By hand: 2 s x 360 W x 1.5 once, and half a second at 360 W instead of 2 W x 1.5 each time.
    CHECK(*pair.predictions == Approx(1080 / 268.5));
    CHECK(*pair.days(lives.plan) == Approx(1080 / 268.5 / 8640));
}

TEST_CASE("Of two trainings of the same model the cheaper one emits less at any number of predictions", "[report]")
{
    const auto lives = lives_of(question());
    REQUIRE(lives.break_evens.size() == 1);
    CHECK(lives.lives[lives.break_evens[0].greener].basis.model.label == "fl");
    CHECK_FALSE(lives.break_evens[0].predictions);
    CHECK_FALSE(lives.break_evens[0].is_crosswise);

    auto asked = question();
    asked.places.push_back(clients());
    const auto crosswise = lives_of(asked).break_evens;
    CHECK(std::ranges::count_if(crosswise, &LifeBreakEven::is_crosswise) == 2);
}

TEST_CASE("The chosen training's lives come first, and one without a result has none", "[report]")
{
    auto asked = question();
    asked.training = "fl";
    CHECK(lives_of(asked).lives[0].basis.model.label == "fl");
    asked.training = "other";
    CHECK_THROWS_WITH(lives_of(asked), Contains("\"other\"; use one of central, fl"));

    const auto lives = lives_of(question(), carbon::test::run_not_reached());
    CHECK(lives.lives.size() == 1);
    CHECK(lives.left_out == std::vector<std::string>{"fl"});
}

TEST_CASE("Without its layers a prediction is a sample's share of the evaluations", "[report]")
{
    auto asked = question();
    asked.own_request.reset();
    auto record = carbon::test::run();
    record.trainings[0].work.works[1].samples = 1000;  // of 1e9 FLOPs
    const auto lives = lives_of(asked, record);
    CHECK(lives.lives[0].basis.request->likely.service.count() == Approx(0.001));
    CHECK_THAT(lives.lives[1].basis.why_not, Contains("neither its layers nor an evaluation"));  // fl never evaluated
    CHECK(lives.lives[1].parts.empty());
    CHECK(lives.break_evens.empty());
}

TEST_CASE("Many lives that emit less at any number are told in a matrix, few in sentences", "[report]")
{
    auto lives = lives_of(question());
    const auto like = lives.lives[0];
    lives.lives.assign(6, like);
    for (std::size_t i = 0; i < 6; ++i)
        lives.lives[i].basis.name = "life " + std::string(1, static_cast<char>('a' + i));
    lives.break_evens.clear();
    for (std::size_t i = 0; i < 4; ++i) lives.break_evens.push_back({.greener = i, .other = i + 1, .most = 0});
    CHECK_THAT(lifecycle_text(lives), Contains("life a emits less at any number of predictions than life b.\n"));
    lives.break_evens.push_back({.greener = 4, .other = 5});  // within the bands maybe not
    const auto text = lifecycle_text(lives);
    CHECK_THAT(text, !Contains("emits less at any number of predictions"));
    CHECK_THAT(text, Contains("At any number emits less than") && Contains("\n1  life a") && Contains("  yes") &&
                         Contains("  likely\n") && Contains("yes: within all bands; likely: "));
}

TEST_CASE("The parts of each life are shown where they are asked for", "[report]")
{
    const auto lives = lives_of(question());
    const auto shown = [&](ShownParts parts) {
        const auto text = lifecycle_text(lives, parts);
        std::size_t count = 0;
        for (auto at = text.find("How it comes about"); at != std::string::npos; at = text.find("How it", at + 1))
            ++count;
        return count;
    };
    CHECK(shown(ShownParts::of_first) == 1);
    CHECK(shown(ShownParts::of_each) == lives.lives.size());
    CHECK(lives.lives.size() > 1);
}

TEST_CASE("Where trainings begin with a model, its training counts only as a trial, which is said", "[report]")
{
    CHECK_THAT(lifecycle_text(lives_of(question())), !Contains("Trainings begin"));
    auto record = carbon::test::run();
    for (auto& training : record.trainings) training.outcome.start = "first/central.pt";
    CHECK_THAT(lifecycle_text(lives_of(question(), record)),
               Contains("Trainings begin with the model in first/central.pt: what it took to train that counts only "
                        "where fedgram lifecycle --searches names its run.\n"));
}

TEST_CASE("Text and JSON have the same numbers, and say whose share is of what", "[report]")
{
    auto asked = question();
    asked.plan.failed_share = 0.88;
    const auto lives = lives_of(asked);
    const auto json = lifecycle_json(lives);
    const auto& life = json.at("lives").at(0);
    double joules = 0;
    double shares = 0;
    for (const auto& each : life.at("parts")) {
        joules += each.at("joules").get<double>();
        shares += each.at("share_of_gco2e").get<double>();
        CHECK_THAT(lifecycle_text(lives), Contains(each.at("formula").get<std::string>()));
    }
    CHECK(joules == Approx(life.at("joules").get<double>()));
    CHECK(shares == Approx(1));
    CHECK(life.at("inference_share_of_joules").get<double>() ==
          Approx(lives.lives[0].inference().joules.count() / lives.lives[0].whole().joules.count()));
    const auto text = lifecycle_text(lives);
    for (const auto& note : json.at("notes")) CHECK_THAT(text, Contains(note.get<std::string>()));
    CHECK_THAT(text, Contains("88 % never come into use and 12 % do"));
    for (const auto& share : published_inference_shares()) {
        CHECK(share.low <= share.high);
        CHECK_THAT(text, Contains(std::string{share.who}) && Contains(std::string{share.of}));
    }
    CHECK(json.at("published_inference_shares").size() == 4);
}

TEST_CASE("Each part has its band, and what is in all that of all at once", "[report]")
{
    auto asked = question();
    auto& gpu = *asked.places[0].device->profile;
    gpu.full_w.low = 180;
    gpu.full_w.high = 720;
    gpu.idle_w.low = 1;
    gpu.idle_w.high = 4;
    gpu.model_error = figure(1);
    asked.plan.request = RequestBytes{1'000'000, 2'500'000};
    auto record = carbon::test::run();
    record.accounting.datacenter_devices = {gpu};
    const auto table = build_table(record, record.accounting);
    const auto life = lives_of(asked, record).lives[0];
    const auto& training = part(life, LifeStage::training).spent;
    CHECK(training.gram_ends.low.count() == table.low(table.cell(0, 0)).count());
    CHECK(training.gram_ends.high.count() == table.high(table.cell(0, 0)).count());
    // By hand: 540 J of evaluation at half and at twice the watts; 86,400 predictions of 180 and 720 J, with PUE; 1 and
    // 4 W for nine tenths of the time; the router at 4.2 and 20 W.
    CHECK(part(life, LifeStage::evaluation).spent.joule_ends.low.count() == Approx(270));
    CHECK(part(life, LifeStage::evaluation).spent.joule_ends.high.count() == Approx(1080));
    CHECK(part(life, LifeStage::computing).spent.joule_ends.low.count() == Approx(86'400 * 180 * 1.5));
    CHECK(part(life, LifeStage::computing).spent.joule_ends.high.count() == Approx(86'400 * 720 * 1.5));
    CHECK(part(life, LifeStage::waiting).spent.joule_ends.low.count() == Approx(777'600 * 1 * 1.5));
    CHECK(part(life, LifeStage::waiting).spent.joule_ends.high.count() == Approx(777'600 * 4 * 1.5));
    CHECK(part(life, LifeStage::network).spent.joule_ends.low.count() == Approx(4.2 * 1.8 * 86'400));
    CHECK(part(life, LifeStage::network).spent.joule_ends.high.count() == Approx(20 * 1.8 * 86'400));
    Joules low, high;
    for (const auto& each : life.parts) {
        CHECK(each.spent.joule_ends.low <= each.spent.joules);
        CHECK(each.spent.joules <= each.spent.joule_ends.high);
        low += each.spent.joule_ends.low;
        high += each.spent.joule_ends.high;
    }
    CHECK(life.whole().joule_ends.low.count() == Approx(low.count()));
    CHECK(life.whole().joule_ends.high.count() == Approx(high.count()));
    CHECK(life.whole().gram_ends.low.count() == Approx(low.count() / 3.6e6 * 400));
    const auto json = lifecycle_json(lives_of(asked, record)).at("lives").at(0);
    CHECK(json.at("low_gco2e").get<double>() == life.whole().gram_ends.low.count());
    CHECK(json.at("high_gco2e_per_1000").get<double>() == 1000 * life.per_prediction_ends.high.count());
}

TEST_CASE("Computing and waiting together are least at the same speed, not each at its own", "[report]")
{
    auto asked = question();
    asked.places[0].serving = record();
    auto& rate = asked.places[0].serving->rates[0].gmac_per_s;
    rate.low = 0.5;
    rate.high = 2;
    const auto life = lives_of(asked).lives[0];
    const auto& computing = part(life, LifeStage::computing).spent;
    const auto& waiting = part(life, LifeStage::waiting).spent;
    // By hand: 0.35 s and 1.1 s at 50 W, and 10 W for the rest of the 10 s that each prediction has.
    const double all = 86'400 * 1.5;
    CHECK(computing.joule_ends.low.count() == Approx(17.5 * all));
    CHECK(computing.joule_ends.high.count() == Approx(55 * all));
    CHECK(waiting.joule_ends.low.count() == Approx(89 * all));
    CHECK(waiting.joule_ends.high.count() == Approx(96.5 * all));
    CHECK(life.answering.joule_ends.low.count() == Approx((17.5 + 96.5) * all));
    CHECK(life.answering.joule_ends.high.count() == Approx((55 + 89) * all));
}

TEST_CASE("The making of a device and its lifetime are at their ends for the embodied share", "[report]")
{
    auto asked = question();
    auto& gpu = *asked.places[0].device->profile;
    gpu.embodied_kgco2e = figure(87.66);
    gpu.embodied_kgco2e->low = 43.83;
    gpu.lifetime_years = figure(10);  // 1 g an hour
    gpu.lifetime_years->high = 20;
    auto record = carbon::test::run();
    record.accounting.datacenter_devices = {gpu};
    const auto life = lives_of(asked, record).lives[0];
    CHECK(life.all_embodied()->count() == Approx(240 + 10.0 / 3600));
    CHECK(life.whole().embodied_ends->low.count() == Approx((240 + 10.0 / 3600) / 4));
    CHECK(life.whole().embodied_ends->high.count() == Approx(240 + 10.0 / 3600));
}

TEST_CASE("A device that has a serving record alone answers, and what isn't known of it is said", "[report]")
{
    auto asked = question();
    auto& place = asked.places[0];
    place.device.reset();
    place.serving = record();
    place.serving->id = "asic";
    place.serving->rates[0].arithmetic = energy::Arithmetic::bf16;
    const auto lives = lives_of(asked);
    const auto& life = lives.lives[0];
    CHECK(life.basis.name == "central on asic, PUE 1.5");
    CHECK(part(life, LifeStage::computing).spent.joules.count() == Approx(30 * 86'400 * 1.5));
    CHECK_FALSE(part(life, LifeStage::computing).spent.embodied);
    CHECK_FALSE(part(life, LifeStage::computing).spent.rent_usd);
    CHECK_FALSE(life.all_embodied());
    CHECK_FALSE(life.basis.model.accuracy);  // nobody evaluated it in bf16
    CHECK_THAT(lifecycle_text(lives),
               Contains("asic computes models of float32 in bf16: what accuracy they keep was not evaluated.") &&
                   Contains("asic: what its making takes isn't known, so that no life on it has an embodied sum.") &&
                   Contains("asic: its price isn't known; what is to pay there is electricity alone, a lower bound."));
    const auto json = lifecycle_json(lives).at("lives").at(0);
    CHECK(json.at("numbers") == "bf16");
    CHECK(json.at("embodied_gco2e").is_null());
    CHECK(json.at("accuracy").is_null());

    place.serving->idle_w.reset();
    const auto bound = lives_of(asked);
    CHECK(bound.lives[0].is_lower_bound());
    CHECK(bound.break_evens.empty());
    CHECK_THAT(lifecycle_text(bound),
               Contains("in all, more than") && Contains("its joules are a lower bound") && Contains("\nwaiting "));
    const auto& known = part(lives.lives[0], LifeStage::waiting).spent;
    CHECK(bound.lives[0].unknown_waiting->device_time->count() == known.device_time->count());
    const auto unknown = lifecycle_json(bound).at("lives").at(0).at("unknown_waiting");
    CHECK(unknown.at("device_seconds") == known.device_time->count());
    CHECK(unknown.at("rent_usd").is_null());
    CHECK(json.at("unknown_waiting").is_null());

    place.batch = 4;
    place.serving->idle_w = figure(10);
    CHECK(lives_of(asked).lives[0].basis.name == "central on asic, PUE 1.5, batch 4");
    CHECK(part(lives_of(asked).lives[0], LifeStage::computing).spent.joules.count() ==
          Approx(50 * 2.1 / 4 * 86'400 * 1.5));
    CHECK_THAT(lifecycle_text(lives_of(asked)), Contains("Batches of 4 are always full on asic"));
}

TEST_CASE("What is to pay is rent where there is one, else electricity, as a report has it", "[report]")
{
    auto asked = question();
    auto& gpu = *asked.places[0].device->profile;
    gpu.rental_usd_per_hour = figure(0.5);
    auto record = carbon::test::run();
    record.accounting.datacenter_devices = {gpu};
    record.accounting.energy_usd_per_kwh = figure(0.2);
    const auto lives = lives_of(asked, record);
    const auto& central = part(lives.lives[0], LifeStage::training).spent;
    CHECK(central.device_time->count() == Approx(10));
    CHECK(*central.rent_usd == Approx(10.0 / 3600 * 0.5));
    CHECK(central.usd == *central.rent_usd);
    CHECK(central.electricity_usd == Approx(5400 / 3.6e6 * 0.2));
    // A second of evaluation on the same device.
    CHECK(part(lives.lives[0], LifeStage::evaluation).spent.usd == Approx(1.0 / 3600 * 0.5));
    // The nodes have no rent.
    const auto& federated = part(lives.lives[1], LifeStage::training).spent;
    CHECK_FALSE(federated.rent_usd);
    CHECK(federated.usd == Approx(federated.joules.count() / 3.6e6 * 0.2));
    CHECK(*lives.lives[0].all_rent_usd() == Approx((10 + 1 + 864'000) / 3600.0 * 0.5));
    CHECK_FALSE(lives.lives[1].all_rent_usd());
    CHECK(lifecycle_json(lives).at("lives").at(1).at("rent_usd").is_null());
    CHECK(lives.lives[0].whole().usd == Approx((10 + 1 + 864'000) / 3600.0 * 0.5));
    CHECK(lives.lives[0].whole().device_time->count() == Approx(864'011));
}

TEST_CASE("Without the network a data centre's lives carry a warning on top", "[report]")
{
    auto asked = question();
    const auto warned = [&] { return lifecycle_json(lives_of(asked)).at("network_warning"); };
    CHECK_THAT(warned().get<std::string>(), Contains("NOT COUNTED: the network") && !Contains("beside clients"));
    asked.places.push_back(clients());
    CHECK_THAT(warned().get<std::string>(), Contains("too low beside clients' own devices"));
    CHECK_THAT(lifecycle_text(lives_of(asked)), Contains("gCO2e/kWh\nNOT COUNTED: the network"));
    asked.plan.request = RequestBytes{784, 40};
    CHECK(warned().is_null());
    asked.plan.request.reset();
    asked.places = {clients()};
    CHECK(warned().is_null());
}

TEST_CASE("Accuracies of a run that didn't look at the test set are called what they are", "[report]")
{
    auto record = carbon::test::run();
    record.evaluated_on = fedgram::run::EvaluationSet::validation;
    CHECK_THAT(lifecycle_text(lives_of(question(), record)), Contains("validation accuracy, %"));
    CHECK(lifecycle_json(lives_of(question(), record)).at("evaluated_on") == "validation");
}
