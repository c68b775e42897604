export type Status = "NEW" | "REVIEWED" | "RESOLVED";
export type Source = "WIDGET" | "API";
export type WebhookEvent = "feedback.created" | "feedback.updated";
export type ImageType = "image/webp" | "image/png" | "image/jpeg";
export type Context = Record<string, unknown>;
export interface ProjectReference {
    id: string;
    name: string;
    slug: string;
}
export interface Project extends ProjectReference {
    status: "ACTIVE" | "PAUSED";
    createdAt: string;
    updatedAt: string;
}
export interface ProjectChanges {
    name?: string;
    slug?: string;
    status?: "ACTIVE" | "PAUSED";
}
export interface WidgetLook {
    position: string;
    theme: string;
    color: string;
    label: string;
    title: string;
    thanks: string;
    language: string;
    fields: string[];
    button: boolean;
    privacyUrl: string;
    poweredBy: boolean;
}
export interface ProjectSettings {
    widget: WidgetLook;
    proof: "off" | "automatic" | "always";
    visitorLimit: number | null;
    retentionDays: number | null;
    allowedDomains: string[];
}
export type SettingsChanges = Partial<Omit<ProjectSettings, "widget">> & {
    widget?: Partial<WidgetLook>;
};
/** What is known of a project's key; the key itself is told once, when it is made. */
export interface ApiKey {
    projectId: string;
    apiKey: string | null;
    maskedKey: string | null;
    createdAt: string | null;
    lastUsedAt: string | null;
}
export interface FeedbackSummary {
    id: string;
    message: string;
    context: Context;
    status: Status;
    createdAt: string;
}
export interface Feedback extends FeedbackSummary {
    source: Source;
    updatedAt: string;
    project: ProjectReference;
}
/** What narrows the feedback of all projects; all that are given must be met. */
export interface Filters {
    project?: string;
    projectSlug?: string;
    status?: Status;
    source?: Source;
    search?: string;
    start?: string | Date;
    end?: string | Date;
    tag?: string;
    assignee?: string;
    path?: string;
    browser?: string;
    device?: string;
    language?: string;
    rating?: number | string;
}
/** A part of a list, newest first; `total` counts what the filters leave of the whole list. */
export interface Page<T> {
    items: T[];
    total: number;
    hasMore: boolean;
    totalIsExact: boolean;
}
export interface Person {
    id: string;
    email: string;
    name: string;
}
export interface Note {
    id: string;
    content: string;
    author: Person | null;
    createdAt: string;
}
export interface Attachment {
    id: string;
    contentType: ImageType;
    size: number;
    url: string;
}
export interface Image {
    contentType: string;
    content: Uint8Array;
}
export interface Tag {
    id: string;
    name: string;
}
export interface Webhook {
    id: string;
    url: string;
    events: WebhookEvent[];
    projects: string[];
    status: "ACTIVE" | "DISABLED";
    disabledReason: string | null;
    createdAt: string;
    lastDeliveredAt: string | null;
}
export interface WebhookChanges {
    url?: string;
    events?: WebhookEvent[];
    projects?: string[] | null;
    status?: "ACTIVE" | "DISABLED";
}
/** A webhook as it was made or given a new secret, which is told this once. */
export interface WebhookSecret {
    id: string;
    url: string;
    events: WebhookEvent[];
    secret: string;
    projects?: string[];
}
export interface Delivery {
    id: string;
    event: WebhookEvent | "test";
    status: "WAITING" | "DELIVERED" | "FAILED";
    createdAt: string;
    attempts: {
        at: string;
        status: number | null;
        tookMs: number;
        answer: string;
    }[];
}
export interface Redelivery {
    id: string;
    status: string;
}
export interface Used {
    used: number;
    limit: number | null;
    held?: number;
}
export interface Usage {
    plan: string;
    period: {
        start: string;
        end: string;
    };
    apiCalls: Used;
    feedback: Used;
    projects: Used;
}
export interface Counts {
    received: number;
    open: number;
    new: number;
    reviewed: number;
    resolved: number;
    widget: number;
    api: number;
}
export interface Days {
    start: string;
    end: string;
    timeZone: string;
}
export interface Values {
    items: number;
    different: number;
    values: {
        value: string;
        items: number;
    }[];
}
/** The numbers of a range of days; a plan without advanced analytics gets the counts alone. */
export interface Analytics extends Counts {
    range: Days;
    days: (Counts & {
        date: string;
    })[];
    before: (Counts & {
        range: Days;
        medianToResolveSeconds: number | null;
    }) | null;
    medianToResolveSeconds: number | null;
    paths: Values | null;
    browsers: Values | null;
    devices: Values | null;
    languages: Values | null;
    ratings: Values | null;
    week: number[][] | null;
}
export interface AuditEntry {
    number: number;
    id: string;
    at: string;
    action: string;
    by: {
        way: "PAGE" | "API" | "CLI" | "SYSTEM";
        userId: string | null;
        projectId: string | null;
    };
    details: Record<string, unknown>;
    hash: string;
}
/** A challenge of ALTCHA that the public door may ask a visitor to solve. */
export interface Challenge {
    parameters: Record<string, unknown>;
    signature: string;
}
/** A webhook's message that is verified: `id` is the same when it is sent again. */
export interface Delivered {
    id: string;
    event: WebhookEvent;
    timestamp: string;
    feedback: Omit<FeedbackSummary, "context">;
    project: ProjectReference;
    previousStatus?: Status;
}
