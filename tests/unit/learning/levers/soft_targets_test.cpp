#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "common/learning/native/network.hpp"
#include "tests/support/float_batch.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// One sample of one pixel, 0, so that logits are the biases, and the biases' gradient is the logits'.
constexpr std::size_t classes = 3;
const std::vector<float> student{0.5F, -1.0F, 2.0F};
const std::vector<float> teacher{3.0F, 1.0F, -2.0F};

std::vector<double> softmax(const std::vector<float>& logits, double temperature)
{
    std::vector<double> shares;
    double sum = 0;
    for (const float logit : logits) sum += shares.emplace_back(std::exp(logit / temperature));
    for (auto& share : shares) share /= sum;
    return shares;
}

struct Step {
    double loss = 0;
    std::vector<float> gradient;
};

Step step_of(double temperature, double alpha)
{
    const auto model =
        build_model({.name = {}, .layers = {spec::Flatten{}, spec::Linear{classes}}}, {1, 1, 1, classes});
    native::Network network{model, native::kernels(native::usable_instruction_sets().back())};
    std::vector<float> parameters(classes, 0.0F);
    parameters.insert(parameters.end(), student.begin(), student.end());
    network.take(parameters);
    test::FloatBatch zero;
    zero.pixels = {0.0F};
    zero.labels = {1};
    Step step{0, std::vector<float>(2 * classes)};
    step.loss = network.gradient(zero.batch(), {teacher, temperature, alpha}, step.gradient);
    step.gradient.erase(step.gradient.begin(), step.gradient.begin() + classes);
    return step;
}

}  // namespace

// Hinton et al. 2015: by a logit, (1 - a) (p - y) + a T (p_T - q_T).
TEST_CASE("Soft targets have their temperature's square in the loss, and so its first power in the gradient",
          "[levers]")
{
    for (const double temperature : {1.0, 4.0, 20.0})
        for (const double alpha : {0.0, 0.9, 1.0}) {
            CAPTURE(temperature, alpha);
            const auto step = step_of(temperature, alpha);
            const auto hard = softmax(student, 1);
            const auto own = softmax(student, temperature);
            const auto from = softmax(teacher, temperature);
            double loss = -(1 - alpha) * std::log(hard[1]);
            for (std::size_t i = 0; i < classes; ++i) {
                loss -= alpha * temperature * temperature * from[i] * std::log(own[i]);
                const double expected =
                    (1 - alpha) * (hard[i] - (i == 1 ? 1 : 0)) + alpha * temperature * (own[i] - from[i]);
                CHECK(step.gradient[i] == Approx(expected).margin(1e-6));
            }
            CHECK(step.loss == Approx(loss).epsilon(1e-5));
        }
}
