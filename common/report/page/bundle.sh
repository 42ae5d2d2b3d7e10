#!/usr/bin/env bash
# bundle.sh FOLDER [OUTPUT]: makes charts.min.js, or OUTPUT, from Apache ECharts: what the page's charts use of it, as
# one script that defines `echarts`. FOLDER keeps what is installed. The same versions give the same bytes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?bundle.sh: which folder?}
output=${2:-$here/charts.min.js}

package=$here/../../../tests/peers/npm_package.sh
esbuild=$("$package" "$folder" esbuild 0.28.2)/esbuild/bin/esbuild
modules=$("$package" "$folder" echarts 6.1.0)

# ECharts depends on exact versions of zrender and tslib, so both are pinned with it.
licences() {
    echo "/*! Apache ECharts 6.1.0 in part, with zrender and tslib; bundled by common/report/page/bundle.sh."
    for file in echarts/NOTICE echarts/LICENSE echarts/licenses/LICENSE-d3 zrender/LICENSE tslib/LICENSE.txt; do
        printf '\n---- %s ----\n\n' "$file"
        cat "$modules/$file"
    done
    echo "*/"
}

scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
NODE_PATH=$modules "$esbuild" --bundle --minify --format=iife --global-name=echarts --target=es2020 --charset=utf8 \
    --legal-comments=none --define:process.env.NODE_ENV='"production"' --log-level=warning >"$scratch" <<'ENTRY'
import {init, use} from 'echarts/core';
import {BarChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart} from 'echarts/charts';
import {AriaComponent, GridComponent, LegendPlainComponent, ParallelComponent, TooltipComponent,
        VisualMapContinuousComponent} from 'echarts/components';
import {SVGRenderer} from 'echarts/renderers';
use([BarChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart, AriaComponent, GridComponent,
     LegendPlainComponent, ParallelComponent, TooltipComponent, VisualMapContinuousComponent, SVGRenderer]);
export {init};
ENTRY
{
    licences
    cat "$scratch"
} >"$output"
