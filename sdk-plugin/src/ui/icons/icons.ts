import {
  Activity, Antenna, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, ArrowUpDown, Ban, Bell, Building2, Cable, Calendar, Check, ChevronDown,
  ChevronLeft, ChevronRight, ChevronUp, ChevronsUpDown, CircleAlert, CircleCheck, CircleDashed, CircleMinus, CirclePause,
  CirclePlay, CircleQuestionMark, CircleSlash, CircleX, ClipboardList, Clock, CloudOff, Command, Contrast, Copy, CreditCard, Database,
  Download, Ellipsis, ExternalLink, Eye, EyeOff, File, Funnel, Gauge, GripVertical, Hash, History, House, IdCard, Inbox, Info, Keyboard,
  Languages, LayoutDashboard, LayoutGrid, Link, List, LoaderCircle, Lock, LogOut, Mail, MapPin, Maximize2, Menu, MessageSquare, Minus, Monitor,
  Moon, Network, OctagonAlert, Package, Pencil, Phone, Plug, Plus, RadioTower, RefreshCw, Router, Save, Search, Server, Settings,
  ShieldAlert, ShieldCheck, SkipForward, SlidersHorizontal, Smartphone, Sparkles, Stethoscope, Store, Sun, Table, Tag, Ticket, Timer, TrendingDown,
  TrendingUp, TriangleAlert, Trash2, Undo2, Upload, User, Users, Wallet, Wifi, WifiOff, Wrench, X, Zap,
} from 'lucide-vue-next' // oxfmt-ignore
import type { IconName } from '../../contracts/icon-names.ts'

/** The one icon set. A name says what is drawn, the component that uses it says what it means. */
export const icons = {
  activity: Activity, antenna: Antenna, 'arrow-down': ArrowDown, 'arrow-left': ArrowLeft, 'arrow-right': ArrowRight, 'arrow-up': ArrowUp,
  'arrow-up-down': ArrowUpDown, ban: Ban, bell: Bell, building: Building2, cable: Cable, calendar: Calendar, check: Check,
  'chevron-down': ChevronDown, 'chevron-left': ChevronLeft, 'chevron-right': ChevronRight, 'chevron-up': ChevronUp,
  'chevrons-up-down': ChevronsUpDown, 'circle-alert': CircleAlert, 'circle-check': CircleCheck, 'circle-dashed': CircleDashed,
  'circle-minus': CircleMinus, 'circle-pause': CirclePause, 'circle-play': CirclePlay, 'circle-question': CircleQuestionMark,
  'circle-slash': CircleSlash, 'circle-x': CircleX, 'clipboard-list': ClipboardList, clock: Clock, 'cloud-off': CloudOff,
  command: Command, contrast: Contrast, copy: Copy, 'credit-card': CreditCard, database: Database, download: Download,
  ellipsis: Ellipsis, 'external-link': ExternalLink, eye: Eye, 'eye-off': EyeOff, file: File, filter: Funnel, gauge: Gauge,
  'grip-vertical': GripVertical, hash: Hash, history: History, house: House, 'id-card': IdCard, inbox: Inbox, info: Info,
  keyboard: Keyboard, languages: Languages, dashboard: LayoutDashboard, grid: LayoutGrid, link: Link, list: List,
  loader: LoaderCircle, lock: Lock, 'log-out': LogOut, mail: Mail, 'map-pin': MapPin, maximize: Maximize2, menu: Menu,
  message: MessageSquare, minus: Minus, monitor: Monitor, moon: Moon, network: Network, 'octagon-alert': OctagonAlert,
  package: Package, pencil: Pencil, phone: Phone, plug: Plug, plus: Plus, 'radio-tower': RadioTower, refresh: RefreshCw,
  router: Router, save: Save, search: Search, server: Server, settings: Settings, 'shield-alert': ShieldAlert,
  'shield-check': ShieldCheck, 'skip-forward': SkipForward, sliders: SlidersHorizontal, smartphone: Smartphone,
  sparkles: Sparkles, stethoscope: Stethoscope, store: Store, sun: Sun, table: Table, tag: Tag, ticket: Ticket, timer: Timer,
  'trending-down': TrendingDown, 'trending-up': TrendingUp, 'triangle-alert': TriangleAlert, trash: Trash2, undo: Undo2,
  upload: Upload, user: User, users: Users, wallet: Wallet, wifi: Wifi, 'wifi-off': WifiOff, wrench: Wrench, x: X, zap: Zap,
} as const satisfies Record<IconName, unknown> // oxfmt-ignore

export type { IconName }
