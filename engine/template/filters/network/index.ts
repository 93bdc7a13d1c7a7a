// ansible.utils' filters over IP and hardware addresses.

import type { FilterTable } from '../define.ts';
import { countingFilters } from './arithmetic.ts';
import { hardwareFilters } from './hardware.ts';
import { addressFilters } from './ipaddr.ts';

export const addresses: FilterTable = [...addressFilters, ...countingFilters, ...hardwareFilters];
