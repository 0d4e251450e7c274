// The parts of ECharts that chart, map and wall pages use; bundled by `manage.py vendor_assets`.
import * as core from 'echarts/core';
import { BarChart, EffectScatterChart, LineChart, LinesChart, MapChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';

core.use([
  BarChart, EffectScatterChart, LineChart, LinesChart, MapChart, ScatterChart,
  AriaComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent,
  CanvasRenderer,
]);

window.echarts = { init: core.init, registerMap: core.registerMap, getInstanceByDom: core.getInstanceByDom };
