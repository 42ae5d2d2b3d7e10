#include "experiments/calibration/profile_fit.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "common/energy/pricing/compute_time.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

using energy::DeviceProfile;
using energy::EvidenceLevel;
using energy::Figure;

// More digits than five would be noise.
double rounded(double value)
{
    std::array<char, 32> digits;
    const auto* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::general, 5).ptr;
    double result = 0;
    std::from_chars(digits.data(), end, result);
    return result;
}

// One log is of one host, one room and one window: another differs by as much at least.
constexpr double least_watts_band = 0.05;
constexpr double least_time_band = 0.1;

Figure banded(double value, double low, double high, EvidenceLevel evidence, const std::string& source)
{
    const double likely = rounded(value);
    return {likely, std::min(likely, rounded(low)), std::max(likely, rounded(high)), evidence,
            "fedgram calibrate: " + source};
}

Figure measured(const MeanPower& power)
{
    return banded(power.mean.count(), power.low.count(), power.high.count(), EvidenceLevel::measured, power.source);
}

// The band of watts is as wide as the halves of the log are apart, that of times as coarse as the window's ends.
Figure fitted_watts(double value, const MeasuredStretch& stretch, const std::string& how)
{
    const auto& power = stretch.power;
    const double low = std::min(power.low.count() / power.mean.count(), 1 - least_watts_band);
    const double high = std::max(power.high.count() / power.mean.count(), 1 + least_watts_band);
    return banded(value, value * low, value * high, EvidenceLevel::fitted, power.source + "; " + how);
}

Figure fitted_time(double value, const MeasuredStretch& stretch, const std::string& how)
{
    const double share = std::clamp(stretch.uncertainty.count() / stretch.seconds.count(), least_time_band, 0.9);
    return banded(value, value * (1 - share), value * (1 + share), EvidenceLevel::fitted,
                  stretch.power.source + "; " + how);
}

// What the logs don't tell is the base's, and a guess for this device.
void assume(Figure& figure, const std::string& base)
{
    figure.evidence = EvidenceLevel::assumed;
    figure.source = "as " + base + ": " + figure.source;
}

void assume_all(DeviceProfile& profile)
{
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures()) assume(profile.*member, profile.id);
    for (auto figure : {&DeviceProfile::embodied_kgco2e, &DeviceProfile::lifetime_years})
        if (profile.*figure) assume(*(profile.*figure), profile.id);
    profile.price_usd.reset();
    profile.rental_usd_per_hour.reset();
}

void scale(Figure& figure, double factor, const std::string& with)
{
    figure.source += "; scaled by " + text::significant(factor) + " with " + with;
    figure.value = rounded(figure.value * factor);
    if (figure.low) figure.low = std::min(figure.value, rounded(*figure.low * factor));
    if (figure.high) figure.high = std::max(figure.value, rounded(*figure.high * factor));
}

void keep_order(Figure& figure, double low, double high)
{
    const double kept = std::clamp(figure.value, low, std::max(low, high));
    if (kept == figure.value) return;
    figure.source += "; moved from " + text::significant(figure.value) + ", so that the watts rise";
    figure.value = kept;
    if (figure.low) figure.low = std::min(*figure.low, figure.value);
    if (figure.high) figure.high = std::max(*figure.high, figure.value);
}

[[noreturn]] void refuse(const MeasuredStretch& stretch, const std::string& what)
{
    throw SpecError{stretch.power.source + ": " + what};
}

// Where the device sets the pace, its host is no slower than the device.
void bound_host(DeviceProfile& profile, const MeasuredStretch& stretch)
{
    const auto time = energy::compute_time(stretch.work, profile);
    const auto lower = [&](Figure& figure, Seconds taken) {
        if (taken <= stretch.seconds) return;
        const double share = stretch.seconds.count() / taken.count();
        figure.source += "; lowered from " + text::shortest(figure.value) + ", since the device set the pace of " +
                         stretch.power.source;
        figure.value = rounded(figure.value * share);
        figure.low = figure.low ? std::optional{std::min(*figure.low, figure.value)} : std::nullopt;
        figure.high = figure.value;
    };
    lower(profile.loading_s, time.loading);
    lower(profile.step_overhead_s, time.launching);
    lower(profile.eager_launch_s, time.launching);
}

// The device computes all the while: what its kernels don't take at least goes at the full rate.
void fit_device(DeviceProfile& profile, const MeasuredStretch& stretch)
{
    bound_host(profile, stretch);
    const auto time = energy::compute_time(stretch.work, profile);
    const double seconds = stretch.seconds.count();
    const double full = seconds - time.short_kernels.count();
    if (full <= 0)
        refuse(stretch, "its " + text::significant(seconds) + " s are less than its kernels take at least, " +
                            text::significant(time.short_kernels.count()) +
                            " s; use a base profile with a shorter kernel_s, or --pace host");
    const std::string how = "the device sets the pace";
    const double factor = time.full_rate().count() / full;
    // One of the two rates sets the time; the other keeps its ratio to it.
    auto& tells = time.flops_bound() ? profile.sustained_gflops : profile.memory_gb_s;
    auto& follows = time.flops_bound() ? profile.memory_gb_s : profile.sustained_gflops;
    tells = fitted_time(tells.value * factor, stretch, how);
    scale(follows, factor, time.flops_bound() ? "sustained_gflops" : "memory_gb_s");
    const double joules = stretch.power.mean.count() * seconds;
    const double small = std::min(profile.small_kernels_w.value, stretch.power.mean.count());
    keep_order(profile.small_kernels_w, 0, small);
    keep_order(profile.active_idle_w, 0, small);
    profile.full_w = fitted_watts((joules - small * time.short_kernels.count()) / full, stretch, how);
}

// The device waits for its host: launches fill the time that the steps' own part leaves.
void fit_host(DeviceProfile& profile, const MeasuredStretch& stretch, bool active_idle_is_known)
{
    const double seconds = stretch.seconds.count();
    const auto& work = stretch.work;
    const auto time = energy::compute_time(work, profile);
    if (time.busy().count() > seconds)
        refuse(stretch, "its " + text::significant(seconds) + " s are less than the device takes, " +
                            text::significant(time.busy().count()) +
                            " s; calibrate the device's pace first, by a large network in large batches, or use "
                            "--pace device");
    const std::string how = "its host sets the pace";
    auto of_steps = static_cast<double>(work.steps) * profile.step_overhead_s.value;
    if (of_steps > seconds / 2) {
        // A host that is faster than the base's: its steps and its launches share the time.
        of_steps = seconds / 2;
        profile.step_overhead_s = fitted_time(of_steps / static_cast<double>(work.steps), stretch, how);
    }
    profile.eager_launch_s = fitted_time((seconds - of_steps) / static_cast<double>(work.kernels), stretch, how);
    const double loading = static_cast<double>(work.samples) * profile.loading_s.value;
    if (loading > seconds) profile.loading_s = fitted_time(seconds / static_cast<double>(work.samples), stretch, how);

    const double joules = stretch.power.mean.count() * seconds;
    const double waiting = seconds - time.busy().count();
    const double small = time.short_kernels.count();
    const double full = time.full_rate().count();
    if (active_idle_is_known) {
        const double left = joules - profile.active_idle_w.value * waiting - profile.full_w.value * full;
        const double watts = small > 0 ? left / small : profile.active_idle_w.value;
        profile.small_kernels_w =
            fitted_watts(std::clamp(watts, profile.active_idle_w.value, profile.full_w.value), stretch, how);
        return;
    }
    // One equation for two wattages: they keep the base's ratio.
    const double ratio =
        profile.active_idle_w.value > 0 ? profile.small_kernels_w.value / profile.active_idle_w.value : 1;
    const double active = (joules - profile.full_w.value * full) / (waiting + ratio * small);
    if (active <= 0)
        refuse(stretch,
               "it draws less than the device's full rate alone would; calibrate that first, by a large network "
               "in large batches");
    profile.active_idle_w = fitted_watts(active, stretch, how);
    profile.small_kernels_w =
        fitted_watts(active * ratio, stretch, how + "; over active_idle_w as in the base profile");
    if (profile.full_w.value < active * ratio) keep_order(profile.full_w, active * ratio, active * ratio);
}

// After rounding, no state draws less than the one before it.
void let_watts_rise(DeviceProfile& profile)
{
    keep_order(profile.small_kernels_w, profile.active_idle_w.value,
               std::max(profile.small_kernels_w.value, profile.active_idle_w.value));
    keep_order(profile.full_w, profile.small_kernels_w.value,
               std::max(profile.full_w.value, profile.small_kernels_w.value));
}

// Figures that meet one stretch may spoil another.
void check_met(const DeviceProfile& profile, const MeasuredStretch& stretch)
{
    constexpr double tolerance = 0.05;
    const auto modelled = energy::price(stretch.work, profile);
    const double watts = modelled.joules.count() / modelled.seconds.count();
    const auto is_near = [](double value, double measured) { return std::abs(value / measured - 1) <= tolerance; };
    if (is_near(modelled.seconds.count(), stretch.seconds.count()) && is_near(watts, stretch.power.mean.count()))
        return;
    refuse(stretch, "no figures meet it beside the other logs: measured " + text::significant(stretch.seconds.count()) +
                        " s at " + text::significant(stretch.power.mean.count()) + " W, modelled " +
                        text::significant(modelled.seconds.count()) + " s at " + text::significant(watts) +
                        " W; leave one of the logs out, or state their --pace");
}

void check(const MeasuredStretch& stretch)
{
    const auto& work = stretch.work;
    if (work.steps == 0 || work.kernels == 0 || (work.flops == 0 && work.memory_bytes == 0))
        refuse(stretch, "work without steps, kernels, FLOPs or bytes tells nothing of a device");
    if (stretch.seconds <= Seconds{}) refuse(stretch, "a window of no length");
}

}  // namespace

std::string_view name(Pace pace) { return pace == Pace::host ? "host" : "device"; }

Pace pace_of(const MeasuredStretch& stretch, const DeviceProfile& device)
{
    if (stretch.pace) return *stretch.pace;
    const bool its_own_host = device.eager_launch_s.value <= 0 && device.step_overhead_s.value <= 0;
    if (its_own_host) return Pace::device;
    const double middle = (device.active_idle_w.value + device.full_w.value) / 2;
    return stretch.power.mean.count() < middle ? Pace::host : Pace::device;
}

DeviceProfile fitted_profile(DeviceProfile base, const IdlePower& idle, std::span<const MeasuredStretch> stretches)
{
    base.validation.reset();
    base.power_limit_w.reset();
    assume_all(base);
    if (idle.idle) {
        base.idle_w = measured(*idle.idle);
        base.network_w = base.idle_w;
        base.network_w.evidence = EvidenceLevel::assumed;
        base.network_w.source = "as idle";
    }
    if (idle.active_idle) {
        base.active_idle_w = measured(*idle.active_idle);
        keep_order(base.small_kernels_w, base.active_idle_w.value, base.small_kernels_w.value);
        keep_order(base.full_w, base.small_kernels_w.value, base.full_w.value);
    }
    const auto classified = base;  // the watts of the base tell all stretches' paces
    for (const auto pace : {Pace::device, Pace::host}) {
        const auto of_pace = [&](const auto& stretch) { return pace_of(stretch, classified) == pace; };
        if (std::ranges::count_if(stretches, of_pace) > 1)
            throw SpecError{"in two logs the " + std::string{name(pace)} +
                            " sets the pace; give one of each kind, or state their --pace"};
        for (const auto& stretch : stretches) {
            if (pace_of(stretch, classified) != pace) continue;
            check(stretch);
            if (idle.active_idle && stretch.power.mean < idle.active_idle->mean)
                refuse(stretch, "it draws " + text::significant(stretch.power.mean.count()) +
                                    " W, less than the open runtime's " +
                                    text::significant(idle.active_idle->mean.count()) + " W");
            if (pace == Pace::device)
                fit_device(base, stretch);
            else
                fit_host(base, stretch, idle.active_idle.has_value());
        }
    }
    let_watts_rise(base);
    if (!idle.idle) keep_order(base.idle_w, 0, base.active_idle_w.value);
    for (const auto& stretch : stretches) check_met(base, stretch);
    return base;
}

}  // namespace fedgram::experiments
